package org.hourtap.smartcardio;

/// What pcscd said about one reader.
///
/// @param raw pcsc-lite's event state: flags in the low 16 bits, and in the high 16 a counter that
///   moves at every insertion and removal, which is what tells two cards apart that were exchanged
///   between two looks
record ReaderState(String name, long raw) {
    /// A reader of which nothing is known: pcscd answers at once with what is.
    static final long UNAWARE = 0;

    private static final long CHANGED = 0x0002;
    private static final long UNKNOWN = 0x0004;
    private static final long PRESENT = 0x0020;
    private static final int COUNTER_SHIFT = 16;

    /// No counter of pcscd is negative, so this equals none.
    private static final long NO_COUNTER = -1;

    static ReaderState unaware(String name) {
        return new ReaderState(name, UNAWARE);
    }

    /// This reader as a new pcscd must be compared with: its counter counts from zero again.
    ReaderState withoutCounter() {
        return new ReaderState(name, (NO_COUNTER << COUNTER_SHIFT) | (raw & 0xFFFF));
    }

    boolean present() {
        return (raw & PRESENT) != 0;
    }

    boolean gone() {
        return (raw & UNKNOWN) != 0;
    }

    long counter() {
        return raw >> COUNTER_SHIFT;
    }

    /// What to hand to the next wait: the flag that says something changed is not part of a state.
    long awaited() {
        return raw & ~CHANGED;
    }
}
