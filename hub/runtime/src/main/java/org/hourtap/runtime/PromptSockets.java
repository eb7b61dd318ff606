package org.hourtap.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/// [PromptTlsSockets] without TLS, for a broker on this machine.
public final class PromptSockets extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
        return PromptTlsSockets.prompt(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return PromptTlsSockets.prompt(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return PromptTlsSockets.prompt(new Socket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return PromptTlsSockets.prompt(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return PromptTlsSockets.prompt(new Socket(host, port, local, localPort));
    }
}
