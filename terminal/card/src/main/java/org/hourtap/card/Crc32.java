package org.hourtap.card;

/// The checksum inside enciphered EV1 messages: CRC-32 without the final inversion.
final class Crc32 {
    private static final int REVERSED_POLYNOMIAL = 0xEDB88320;

    private Crc32() {}

    static long of(byte[] message) {
        int crc = 0xFFFFFFFF;
        for (byte next : message) {
            crc ^= next & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (REVERSED_POLYNOMIAL & -(crc & 1));
            }
        }
        return crc & 0xFFFFFFFFL;
    }
}
