package org.hourtap.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.POOL;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalTag;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.TestBooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class FleetTest {
    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;

    FleetTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
    }

    @AfterEach
    void close() throws Exception {
        books.close();
    }

    private void put(Terminal terminal) throws Exception {
        books.write(writing -> {
            Fleet.put(writing, BARRY, terminal);
            return true;
        });
    }

    @Test
    void twoTerminalsThatACardCouldNotTellApartAreNotBothRegistered() throws Exception {
        // By the birthday bound some 80 000 names hold two with the same 32 bits.
        Map<Integer, TerminalId> byTag = new HashMap<>();
        TerminalId other = null;
        TerminalId id = new TerminalId("door");
        for (int n = 0; other == null; n++) {
            id = new TerminalId("door-" + n);
            other = byTag.put(TerminalTag.of(BARRY, id), id);
        }
        TerminalId first = other;
        TerminalId second = id;
        put(TestBooks.terminal(first, POOL, true));
        assertThatThrownBy(() -> put(TestBooks.terminal(second, POOL, true)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("terminal " + second)
                .hasMessageContaining("terminal " + first)
                .hasMessageContaining("Choose another id");
        put(TestBooks.terminal(first, POOL, true));
        int tag = TerminalTag.of(BARRY, first);
        Optional<Terminal> tagged = books.read(sql -> new Fleet(sql).tagged(BARRY, tag));
        assertThat(tagged.map(Terminal::id)).hasValue(first);
    }

    @Test
    void theTwoOfflineLimitsAreKeptApart() throws Exception {
        Terminal usual = TestBooks.terminal(TestBooks.POOL_DOOR, POOL, true);
        FeedRow.PolicyRow policy = new FeedRow.PolicyRow(20, new Credits(90), new Credits(450));
        put(
                new Terminal(
                        usual.id(),
                        usual.venue(),
                        usual.mode(),
                        usual.activity(),
                        usual.language(),
                        policy,
                        false,
                        null,
                        0));
        Terminal kept =
                books.read(sql -> new Fleet(sql).terminal(BARRY, TestBooks.POOL_DOOR))
                        .orElseThrow();
        assertThat(kept.policy()).isEqualTo(policy);
    }
}
