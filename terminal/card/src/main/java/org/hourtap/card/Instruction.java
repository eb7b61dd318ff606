package org.hourtap.card;

/// The DESFire commands identification needs.
final class Instruction {
    static final int GET_CARD_UID = 0x51;
    static final int SELECT_APPLICATION = 0x5A;
    static final int AUTHENTICATE_EV2_FIRST = 0x71;
    static final int AUTHENTICATE_AES = 0xAA;
    static final int ANOTHER_FRAME = 0xAF;

    private Instruction() {}
}
