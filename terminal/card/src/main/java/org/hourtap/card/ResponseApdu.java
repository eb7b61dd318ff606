package org.hourtap.card;

import java.util.Arrays;

/// One answer of a card: data, then two bytes of status.
public final class ResponseApdu {
    private static final int STATUS_LENGTH = 2;

    private final byte[] data;
    private final StatusWord status;

    private ResponseApdu(byte[] data, StatusWord status) {
        this.data = data;
        this.status = status;
    }

    /// An answer too short to hold a status is how a card pulled in mid-exchange looks through
    /// PC/SC (the driver reports success and no bytes), so it counts as lost.
    public static ResponseApdu parse(byte[] answer) throws CardLostException {
        if (answer.length < STATUS_LENGTH) {
            throw new CardLostException("the answer broke off after " + answer.length + " bytes");
        }
        int end = answer.length - STATUS_LENGTH;
        return new ResponseApdu(
                Arrays.copyOf(answer, end), StatusWord.of(answer[end], answer[end + 1]));
    }

    public byte[] data() {
        return data.clone();
    }

    public StatusWord status() {
        return status;
    }

    /// The data of an answer that has the status and the length it must have at this step.
    ///
    /// A card that says no sends nothing along. A refusal with data is therefore a broken answer
    /// and not the card's word: the exception then has no status.
    byte[] dataOf(CardStep step, StatusWord expected, int length) throws CardRefusedException {
        if (!status.equals(expected) && data.length > 0) {
            throw new CardRefusedException(
                    step, "the card answered " + data.length + " bytes with status " + status);
        }
        if (!status.equals(expected)) {
            throw new CardRefusedException(step, status, "the card said no");
        }
        if (data.length != length) {
            throw new CardRefusedException(
                    step, "the card answered " + data.length + " bytes in place of " + length);
        }
        return data();
    }
}
