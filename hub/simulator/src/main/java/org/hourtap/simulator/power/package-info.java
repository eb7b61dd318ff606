/// Disks of simulated machines: real SQLite files, written by the real SQLite through the product's
/// own code, that can lose power between any two writes. A SQLite VFS (`powerdisk.c`, compiled when
/// first used) remembers what was not yet synced; [SimDisk#settle] takes some of it back.
///
/// What it plays, for each database, log and rollback journal below a disk's folder:
///
/// - the power fails at any write, truncation, sync or deletion, and nothing reaches the disk
///   after;
/// - of what was written since a file's last sync, all, nothing, the first part or any selection is
///   there, whatever became of other files; the last piece may be torn between sectors of 512
///   bytes;
/// - a file that was made and never synced may be missing altogether, or empty;
/// - a killed process: all it wrote is there, but what it did not sync is lost if power fails
///   later;
/// - a full disk, one that refuses writes, one that says "synced" and is not, a flipped bit.
///
/// What it does not play:
///
/// - Files that Java writes itself (`java.nio`) are on disk at once and never fail; their moves and
///   deletions likewise. But names directly in the disk's folder are put back as they were when the
///   power failed, so that what a program does to them afterwards did not happen.
/// - Deletions and the names of synced files are durable at once and in order; a deleted log never
///   comes back.
/// - Bytes beside those that were written stay whole (SQLite's "powersafe overwrite"; its default),
///   and a sector is old or new, never rubbish. Lost writes at the end leave zeros or a shorter
///   file.
/// - A failed sync leaves its writes unsynced; they are not dropped, as some kernels do.
/// - Reading never fails while there is power; a flipped bit is the only damage of a file at rest.
/// - Space is counted in bytes by which files grow, not in blocks; what Java writes costs none.
/// - It takes no time. Whoever simulates a slow disk counts [SimDisk#effects] and moves the clock.
/// - Locks and the `-shm` file are the real ones, so two simulated machines may not share a folder.
@NullMarked
package org.hourtap.simulator.power;

import org.jspecify.annotations.NullMarked;
