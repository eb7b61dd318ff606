package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The expected hashes were reckoned by another program in another language.
class ChainTest {
    private final Chain chain = new Chain();

    @Test
    void aHashIsOverThePreviousOneAndTheValuesBytes() {
        byte[] first = chain.first("barry");
        assertThat(hex(first))
                .isEqualTo("340273aa87a75d9c337ae81324c98b04fb624ea8d81ad62b37ad582a93660de2");
        byte[] id = new byte[16];
        for (int i = 0; i < id.length; i++) {
            id[i] = (byte) i;
        }
        byte[] next = chain.next(first, "barry", 1L, id, "MEMBER:ann", null, -5L, "ŵy");
        assertThat(hex(next))
                .isEqualTo("ffe05f8dc7c249463e1354baa3ef69915f870b7bacf60f42153f7b2bb5bc7fe8");
        assertThat(hex(chain.next(first, "x".repeat(3_000), 7L)))
                .isEqualTo("c0dcd5a15e15b7c8a4c5fec2933fc9dd2ee7fc430f067e0c14c92f030a94218f");
    }

    @Test
    void whatStandsWhereMatters() {
        byte[] first = chain.first("barry");
        byte[] one = chain.next(first, "ab", "c");
        assertThat(chain.next(first, "ab", "c")).isEqualTo(one);
        assertThat(chain.next(first, "a", "bc")).isNotEqualTo(one);
        assertThat(chain.next(first, "ab", "c", null)).isNotEqualTo(one);
        assertThat(chain.next(chain.first("penarth"), "ab", "c")).isNotEqualTo(one);
        byte[] bytes = {'a', 'b'};
        assertThat(chain.next(first, bytes, "c")).isNotEqualTo(one);
        assertThat(Arrays.equals(chain.next(one, "ab", "c"), one)).isFalse();
    }

    @Test
    void onlyWhatADatabaseHoldsIsHashed() {
        byte[] first = chain.first("barry");
        byte[] one = chain.next(first, "ab", 1L);
        assertThatThrownBy(() -> chain.next(first, "ab", 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Double");
        assertThat(chain.next(first, "ab", 1L)).as("nothing is left of it").isEqualTo(one);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
