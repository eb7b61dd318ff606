package org.hourtap.tap;

/// One tap in the journal, as it was written.
///
/// @param text the exact bytes of the tap that go to the hub (UTF-8 JSON)
public record JournalLine(long sequence, String text) {}
