package org.hourtap.device.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/// The same without TLS, for a broker on this machine.
final class EagerSockets extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
        return EagerTlsSockets.eager(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return EagerTlsSockets.eager(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return EagerTlsSockets.eager(new Socket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return EagerTlsSockets.eager(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return EagerTlsSockets.eager(new Socket(host, port, local, localPort));
    }
}
