package org.hourtap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedHeadTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/head.txt");

    @Test
    void theLineOfTheFirstVersionNeverChanges() throws Exception {
        String line = Files.readString(GOLDEN).strip();
        SignedHead head = SignedHead.parse(line);
        assertThat(head)
                .returns(new BookId("dinas"), SignedHead::book)
                .returns(1234L, SignedHead::number)
                .returns(Instant.parse("2026-03-14T10:15:00Z"), SignedHead::at);
        assertThat(head.line()).isEqualTo(line);
        assertThat(line).startsWith(head.said() + " ").endsWith(" " + head.signature());
        assertThat(head.head()).isEqualTo("dinas/1234/" + head.hash());
    }

    @Test
    void whatIsNoSignedHeadIsRefusedInWords() throws Exception {
        String line = Files.readString(GOLDEN).strip();
        for (String other :
                List.of(
                        "",
                        line + "\n",
                        line.substring(1),
                        line.replace("head-1", "head-2"),
                        line.replace(" 1234 ", " 01234 "),
                        line.replace(" 1234 ", "  1234 "),
                        line.toUpperCase(java.util.Locale.ROOT))) {
            assertThatThrownBy(() -> SignedHead.parse(other))
                    .as(other)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("This is no signed head");
        }
        for (String time : List.of("-99T10:15:00Z", "-14T24:00:00Z", "-14T23:59:60Z")) {
            assertThatThrownBy(() -> SignedHead.parse(line.replace("-14T10:15:00Z", time)))
                    .hasMessageContaining("There is no such time");
        }
        assertThatThrownBy(() -> SignedHead.parse("x".repeat(1 << 20)))
                .hasMessageContaining("it is too long");
    }

    @Test
    void theLongestThereIsCanBeRead() {
        String longest =
                new SignedHead(
                                new BookId("b".repeat(32)),
                                999_999_999_999_999_999L,
                                "0".repeat(64),
                                Instant.parse("9999-12-31T23:59:59Z"),
                                "_".repeat(86))
                        .line();
        assertThat(SignedHead.parse(longest).line()).isEqualTo(longest);
    }
}
