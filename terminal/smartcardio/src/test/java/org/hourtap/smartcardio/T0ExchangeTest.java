package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.smartcardio.CardException;
import org.junit.jupiter.api.Test;

final class T0ExchangeTest {
    private final List<String> sent = new ArrayList<>();

    private String run(String command, String... answers) throws CardException {
        var hex = HexFormat.of();
        var answer =
                T0Exchange.run(
                        bytes -> {
                            sent.add(hex.formatHex(bytes));
                            return hex.parseHex(answers[Math.min(sent.size(), answers.length) - 1]);
                        },
                        hex.parseHex(command));
        return hex.formatHex(answer);
    }

    @Test
    void aCommandWithDataIsSentWithoutLeAndItsAnswerIsFetchedInPieces() throws CardException {
        assertThat(run("00a4040002a1a200", "6102", "0b0c6101", "0d9000")).isEqualTo("0b0c0d9000");
        assertThat(sent).containsExactly("00a4040002a1a2", "00c0000002", "00c0000001");
    }

    @Test
    void aCommandWithTheWrongLengthIsAskedAgainWithTheRightOne() throws CardException {
        assertThat(run("00b0000000", "6c02", "01029000")).isEqualTo("01029000");
        assertThat(sent).containsExactly("00b0000000", "00b0000002");
    }

    @Test
    void commandsThatFitAreLeftAlone() throws CardException {
        assertThat(run("00200001", "9000")).isEqualTo("9000");
        assertThat(run("0020000102a1a2", "9000")).isEqualTo("9000");
        assertThat(sent).containsExactly("00200001", "0020000102a1a2");
    }

    @Test
    void aCardThatPromisesMoreForEverIsCutOff() {
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> run("00b0000000", "6101"))
                .withMessageContaining("promised more");
        assertThat(sent).hasSize(256);
    }

    @Test
    void extendedLengthIsRefusedUnsent() {
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> run("00b00000000100", "9000"));
        assertThat(sent).isEmpty();
    }
}
