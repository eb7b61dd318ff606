package org.hourtap.card;

import java.util.HexFormat;

/// The two bytes that end every answer. `91xx` is a DESFire's own status in its ISO wrapping.
public record StatusWord(int value) {
    public static final StatusWord OK = new StatusWord(0x9000);
    public static final StatusWord DONE = new StatusWord(0x9100);
    public static final StatusWord ANOTHER_FRAME = new StatusWord(0x91AF);
    public static final StatusWord NO_CHANGES = new StatusWord(0x910C);
    public static final StatusWord OUT_OF_MEMORY = new StatusWord(0x910E);
    public static final StatusWord ILLEGAL_COMMAND = new StatusWord(0x911C);
    public static final StatusWord AUTHENTICATION_FAILED = new StatusWord(0x91AE);
    public static final StatusWord DUPLICATE = new StatusWord(0x91DE);
    public static final StatusWord APPLICATION_NOT_FOUND = new StatusWord(0x91A0);

    /// The first byte of every status a DESFire gives itself.
    private static final int DESFIRE = 0x91;

    public StatusWord {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("a status word has two bytes, not " + value);
        }
    }

    static StatusWord of(byte first, byte second) {
        return new StatusWord(((first & 0xFF) << 8) | (second & 0xFF));
    }

    /// Whether a DESFire (or a card that speaks like one) answered.
    public boolean isDesfire() {
        return value >> 8 == DESFIRE;
    }

    /// Whether this is how a card without the command answers, in DESFire's words or in ISO 7816's
    /// (6D00 instruction, 6E00 class).
    public boolean saysUnknownCommand() {
        return value == ILLEGAL_COMMAND.value || value == 0x6D00 || value == 0x6E00;
    }

    /// Whether the card says in its own words that it did not do what it was told. Neither of its
    /// two ways to say yes, and no status that some layer in between might have made up.
    public boolean isRefusal() {
        return isDesfire() && !equals(DONE) && !equals(ANOTHER_FRAME);
    }

    @Override
    public String toString() {
        String meaning = meaning();
        String digits = HexFormat.of().withUpperCase().toHexDigits((short) value);
        return meaning.isEmpty() ? digits : digits + " " + meaning;
    }

    private String meaning() {
        return switch (value) {
            case 0x9000, 0x9100 -> "ok";
            case 0x910B -> "command needs another mode";
            case 0x910C -> "no change";
            case 0x910E -> "out of memory";
            case 0x911C -> "illegal command";
            case 0x911E -> "integrity error";
            case 0x9140 -> "no such key";
            case 0x917E -> "wrong length";
            case 0x919D -> "permission denied";
            case 0x919E -> "wrong parameter";
            case 0x91A0 -> "no such application";
            case 0x91AE -> "authentication failed";
            case 0x91AF -> "more to come";
            case 0x91BE -> "out of bounds";
            case 0x91CA -> "command aborted";
            case 0x91DE -> "already there";
            case 0x91F0 -> "no such file";
            case 0x6300 -> "operation failed";
            case 0x6A81, 0x6A82 -> "not supported or not found";
            case 0x6D00 -> "instruction unknown";
            case 0x6E00 -> "class unknown";
            default -> "";
        };
    }
}
