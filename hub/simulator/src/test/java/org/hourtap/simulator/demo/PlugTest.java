package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.hourtap.simulator.demo.Plug.Line;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PlugTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final byte[] WORD = {1, 2, 3, 4, 5};

    private ServerSocket broker;
    private Plug plug;
    private Socket terminal;
    private Socket arrived;

    @BeforeEach
    void connect() throws IOException {
        broker = new ServerSocket(0, 1, HERE);
        plug = Plug.to(broker.getLocalPort());
        terminal = new Socket(HERE, plug.port());
        arrived = broker.accept();
    }

    @AfterEach
    void close() throws IOException {
        terminal.close();
        arrived.close();
        plug.close();
        broker.close();
    }

    @Test
    void aGoodLineCarriesBothWays() throws IOException {
        terminal.getOutputStream().write(WORD);
        assertThat(arrived.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
        arrived.getOutputStream().write(WORD);
        assertThat(terminal.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
    }

    @Test
    void aCutFallsWithinAMessage() throws IOException {
        plug.pullAfter(3);
        terminal.getOutputStream().write(WORD);
        assertThat(arrived.getInputStream().readNBytes(WORD.length)).containsExactly(1, 2, 3);
        assertThat(plug.isPulled()).isTrue();
    }

    @Test
    void aSilentLineCarriesNothingUntilItIsMended() throws IOException {
        plug.degrade(new Line(Duration.ZERO, Integer.MAX_VALUE, true));
        terminal.getOutputStream().write(WORD);
        arrived.setSoTimeout(300);
        assertThatThrownBy(() -> arrived.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        plug.plugIn();
        arrived.setSoTimeout(10_000);
        assertThat(arrived.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
    }

    @Test
    void aSlowLineCarriesAllOfIt() throws IOException {
        plug.degrade(new Line(Duration.ofMillis(20), 1_000, false));
        terminal.getOutputStream().write(WORD);
        assertThat(arrived.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
    }
}
