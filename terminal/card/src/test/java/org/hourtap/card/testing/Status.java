package org.hourtap.card.testing;

/// The second byte of `91xx`.
enum Status {
    OK(0x00),
    NO_CHANGES(0x0C),
    NO_MEMORY(0x0E),
    ILLEGAL_COMMAND(0x1C),
    INTEGRITY(0x1E),
    NO_SUCH_KEY(0x40),
    LENGTH(0x7E),
    DENIED(0x9D),
    PARAMETER(0x9E),
    NO_APPLICATION(0xA0),
    AUTHENTICATION(0xAE),
    MORE(0xAF),
    BOUNDARY(0xBE),
    TOO_MANY_APPLICATIONS(0xCE),
    DUPLICATE(0xDE),
    NO_FILE(0xF0);

    final int code;

    Status(int code) {
        this.code = code;
    }
}
