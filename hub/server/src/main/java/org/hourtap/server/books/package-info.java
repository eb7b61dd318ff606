/// The books on disk: one thread writes them, and commits whatever it found waiting as one group;
/// everyone else reads beside it. The rules are the ledger's; here they become durable.
@NullMarked
package org.hourtap.server.books;

import org.jspecify.annotations.NullMarked;
