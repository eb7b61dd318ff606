package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;

/// Answers as a data sheet says, and insists that it was asked as the data sheet says.
final class ScriptedCard implements CardChannel {
    private record Turn(String command, String answer) {}

    private final Deque<Turn> turns = new ArrayDeque<>();

    ScriptedCard turn(String command, String answer) {
        turns.add(new Turn(Hex.of(Hex.bytes(command)), answer));
        return this;
    }

    @Override
    public byte[] transceive(byte[] command) {
        Turn turn = turns.remove();
        assertThat(Hex.of(command)).isEqualTo(turn.command());
        return Hex.bytes(turn.answer());
    }

    void assertFinished() {
        assertThat(turns).isEmpty();
    }
}
