package org.hourtap.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/// One tap as the card itself carries it, so that the next terminal knows of it, and can tell the
/// hub, even if the terminal that wrote it never comes back. 32 bytes, numbers with the low byte
/// first:
///
/// ```
/// 0 format 1 and kind │ 1 flags │ 2 minutes │ 4 counter │ 8 terminal │ 12 sequence │ 16 id
/// ```
///
/// @param kind what happened; a card carries no declined taps
/// @param offline whether the terminal had no link to the hub
/// @param clockKnown whether the time in `id` came from the hub or from a time server
/// @param minutes hours spent, in minutes; 0 for shifts
/// @param counter the card's transaction counter after this tap; the first tap is 1
/// @param terminal see [TerminalTag]
/// @param sequence the tap's position in that terminal's journal
/// @param id the tap's id, by which the ledger counts it once
public record CardRecord(
        TapEvent.Kind kind,
        boolean offline,
        boolean clockKnown,
        Credits minutes,
        long counter,
        int terminal,
        long sequence,
        TransferId id) {
    /// Two cipher blocks.
    public static final int LENGTH = 32;

    private static final int FORMAT = 0x10;
    private static final int OFFLINE = 1;
    private static final int CLOCK_KNOWN = 2;
    private static final long UNSIGNED_INT_MAX = 0xFFFF_FFFFL;
    private static final int MINUTES_MAX = 0xFFFF;

    public CardRecord {
        if (kind == TapEvent.Kind.DECLINED || kind == TapEvent.Kind.TORN) {
            throw new IllegalArgumentException("a card carries no tap of kind " + kind);
        }
        if (minutes.minutes() > MINUTES_MAX) {
            throw new IllegalArgumentException("a card counts up to 65535 minutes a tap");
        }
        if (counter < 1 || counter > UNSIGNED_INT_MAX) {
            throw new IllegalArgumentException("a card's counter is 1 to 2^32 - 1: " + counter);
        }
        if (sequence < 1 || sequence > UNSIGNED_INT_MAX) {
            throw new IllegalArgumentException("a tap's sequence is 1 to 2^32 - 1: " + sequence);
        }
    }

    /// The record of a welcomed tap.
    public static CardRecord of(TapEvent event, int terminal, long counter) {
        return new CardRecord(
                event.kind(),
                event.offline(),
                event.at().quality().compareTo(ClockReading.Quality.NTP) <= 0,
                event.minutes(),
                counter,
                terminal,
                event.sequence(),
                event.id());
    }

    /// @throws MalformedMessageException if these bytes are no record of ours
    public static CardRecord parse(byte[] bytes) throws MalformedMessageException {
        if (bytes.length != LENGTH) {
            throw new MalformedMessageException("a card record has 32 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int format = in.get();
        int flags = in.get();
        if ((flags & ~(OFFLINE | CLOCK_KNOWN)) != 0) {
            throw new MalformedMessageException("a card record with unknown flags: " + flags);
        }
        try {
            return new CardRecord(
                    kind(format),
                    (flags & OFFLINE) != 0,
                    (flags & CLOCK_KNOWN) != 0,
                    new Credits(Short.toUnsignedInt(in.getShort())),
                    Integer.toUnsignedLong(in.getInt()),
                    in.getInt(),
                    Integer.toUnsignedLong(in.getInt()),
                    new TransferId(id(in.order(ByteOrder.BIG_ENDIAN))));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(String.valueOf(e.getMessage()), e);
        }
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) (FORMAT | code()))
                .put((byte) ((offline ? OFFLINE : 0) | (clockKnown ? CLOCK_KNOWN : 0)))
                .putShort((short) minutes.minutes())
                .putInt((int) counter)
                .putInt(terminal)
                .putInt((int) sequence)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(id.value().getMostSignificantBits())
                .putLong(id.value().getLeastSignificantBits())
                .array();
    }

    private static UUID id(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }

    private int code() {
        return switch (kind) {
            case SPEND -> 1;
            case SHIFT_IN -> 2;
            case SHIFT_OUT -> 3;
            case DECLINED, TORN -> throw new IllegalStateException("refused when made");
        };
    }

    private static TapEvent.Kind kind(int format) throws MalformedMessageException {
        return switch (format - FORMAT) {
            case 1 -> TapEvent.Kind.SPEND;
            case 2 -> TapEvent.Kind.SHIFT_IN;
            case 3 -> TapEvent.Kind.SHIFT_OUT;
            default -> throw new MalformedMessageException("a card record of format " + format);
        };
    }
}
