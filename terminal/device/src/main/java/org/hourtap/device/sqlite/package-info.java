/// The terminal's one file, `terminal.db`: journal, outbox and cache, so that one commit covers all
/// of them. [SqliteStore][org.hourtap.device.sqlite.SqliteStore] is the only writer;
/// [JournalView][org.hourtap.device.sqlite.JournalView] reads beside it for staff. A damaged file
/// is put aside and every tap that can still be read is carried into a fresh one.
@NullMarked
package org.hourtap.device.sqlite;

import org.jspecify.annotations.NullMarked;
