package org.hourtap.contract;

import java.util.UUID;

/// The idempotency key of a tap and of what is posted for it: a UUIDv7, minted at the terminal and
/// journalled before anything is sent. Its last four bits say which leg of the tap a transfer is;
/// the terminal mints leg 0, and the hub names further legs (a shortfall, say) without a second id.
public record TransferId(UUID value) implements Comparable<TransferId> {
    /// Four bits.
    public static final int LEGS_MAX = 16;

    private static final long LEG_BITS = LEGS_MAX - 1;

    public TransferId {
        if (value.version() != 7) {
            throw new IllegalArgumentException("a transfer id is a UUIDv7, not " + value);
        }
    }

    /// @param unixMillis when, by whatever clock there is; only index locality depends on it
    /// @param randomHigh 12 bits are used
    /// @param randomLow 58 bits are used
    public static TransferId mint(long unixMillis, long randomHigh, long randomLow) {
        long high = ((unixMillis & 0xFFFF_FFFF_FFFFL) << 16) | 0x7000L | (randomHigh & 0xFFFL);
        long low = 0x8000_0000_0000_0000L | (randomLow & 0x3FFF_FFFF_FFFF_FFF0L);
        return new TransferId(new UUID(high, low));
    }

    public static TransferId parse(String text) {
        try {
            return new TransferId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a transfer id: " + text, e);
        }
    }

    public int leg() {
        return (int) (value.getLeastSignificantBits() & LEG_BITS);
    }

    public TransferId withLeg(int leg) {
        if (leg < 0 || leg >= LEGS_MAX) {
            throw new IllegalArgumentException("a tap has legs 0 to 15, not " + leg);
        }
        long low = (value.getLeastSignificantBits() & ~LEG_BITS) | leg;
        return new TransferId(new UUID(value.getMostSignificantBits(), low));
    }

    @Override
    public int compareTo(TransferId other) {
        int high =
                Long.compareUnsigned(
                        value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
