package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aPortThatWasTakenIsNotTakenAgainThoughNobodyListensThere() throws Exception {
        int taken = Ports.take(0);

        assertThat(Ports.take(taken)).isNotEqualTo(taken).isPositive();
        new ServerSocket(taken, 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void aPortOnWhichSomeoneListensIsNotTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.take(other.getLocalPort())).isNotEqualTo(other.getLocalPort());
        }
    }
}
