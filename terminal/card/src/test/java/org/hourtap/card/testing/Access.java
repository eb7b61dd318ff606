package org.hourtap.card.testing;

/// The four rights of a file, by their place in its access word.
enum Access {
    READ(12),
    WRITE(8),
    BOTH(4),
    CHANGE(0);

    static final int FREE = 0xE;
    static final int NEVER = 0xF;

    final int shift;

    Access(int shift) {
        this.shift = shift;
    }

    int keyIn(int word) {
        return (word >> shift) & 0xF;
    }
}
