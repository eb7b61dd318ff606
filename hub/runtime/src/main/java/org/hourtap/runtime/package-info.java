/// The little that both edges stand on: threads with a name, the one clock, and SQLite opened the
/// way a ledger needs it. Nothing here knows what an hour is.
@NullMarked
package org.hourtap.runtime;

import org.jspecify.annotations.NullMarked;
