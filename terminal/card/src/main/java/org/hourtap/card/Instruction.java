package org.hourtap.card;

/// The DESFire commands we use.
final class Instruction {
    static final int GET_CARD_UID = 0x51;
    static final int SELECT_APPLICATION = 0x5A;
    static final int GET_VERSION = 0x60;
    static final int GET_KEY_VERSION = 0x64;
    static final int AUTHENTICATE_EV2_FIRST = 0x71;
    static final int WRITE_RECORD = 0x8B;
    static final int ABORT_TRANSACTION = 0xA7;
    static final int AUTHENTICATE_AES = 0xAA;
    static final int READ_RECORDS = 0xAB;
    static final int READ_DATA = 0xAD;
    static final int ANOTHER_FRAME = 0xAF;
    static final int CREATE_CYCLIC_RECORD_FILE = 0xC0;
    static final int CHANGE_KEY = 0xC4;
    static final int COMMIT_TRANSACTION = 0xC7;
    static final int CREATE_APPLICATION = 0xCA;
    static final int CREATE_TRANSACTION_MAC_FILE = 0xCE;

    private Instruction() {}
}
