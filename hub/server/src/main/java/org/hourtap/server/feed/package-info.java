/// What terminals keep in their caches, as one versioned feed per book: the newest row of each key,
/// with a cursor that grows. A terminal says how far it is and gets what came after.
@NullMarked
package org.hourtap.server.feed;

import org.jspecify.annotations.NullMarked;
