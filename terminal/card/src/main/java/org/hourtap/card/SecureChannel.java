package org.hourtap.card;

/// A session with a card that has proved its key: commands go out and answers come in protected by
/// session keys. Confined to whoever drives the card. Valid for one presentation of one card.
///
/// Any failure closes the channel, because it ends the session on the card as well.
public sealed interface SecureChannel extends AutoCloseable permits Ev1Channel, Ev2Channel {
    CardClass cardClass();

    /// One command inside the session.
    ///
    /// `header` stays readable in every mode (file number, offset, length), `data` is enciphered in
    /// [CommMode#FULL]. `answerLength` is how many bytes the card must answer: EV1 needs it to find
    /// the end of an enciphered answer, and an answer of another length is refused.
    byte[] exchange(CommMode mode, int instruction, byte[] header, byte[] data, int answerLength)
            throws CardLostException, CardRefusedException;

    /// The last command of a session: one whose answer is a bare status, because the key that the
    /// session stands on is gone by then. Nothing proves such a yes; the next session does. Closes
    /// the channel in any case.
    void exchangeLast(CommMode mode, int instruction, byte[] header, byte[] data)
            throws CardLostException, CardRefusedException;

    /// The card's real UID, asked inside the session and enciphered, so that neither a reader nor a
    /// card between us and the card can put another one in its place.
    default Uid cardUid() throws CardLostException, CardRefusedException {
        return Uid.of(
                exchange(
                        CommMode.FULL,
                        Instruction.GET_CARD_UID,
                        Bytes.NONE,
                        Bytes.NONE,
                        CardLayout.UID_LENGTH));
    }

    boolean isClosed();

    /// Zeroes the session keys. More than once does no harm.
    @Override
    void close();
}
