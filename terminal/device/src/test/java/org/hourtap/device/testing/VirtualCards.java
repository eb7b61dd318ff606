package org.hourtap.device.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.CardId;

/// Cards that members hold to a virtual reader.
public final class VirtualCards {
    public static final byte[] MASTER = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");

    private VirtualCards() {}

    public static VirtualDesfire.Builder genuine(CardId card) {
        return VirtualDesfire.with(HexFormat.of().parseHex(card.value()), MASTER);
    }

    /// Holds a card to the reader at this port until closed.
    public static Held hold(int port, VirtualDesfire card) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(socket, card));
        return new Held(socket);
    }

    /// A card in the field.
    public record Held(Socket socket) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    public static byte[] frame(byte... payload) {
        byte[] frame = new byte[payload.length + 2];
        frame[0] = (byte) (payload.length >> 8);
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return frame;
    }

    private static void serve(Socket socket, VirtualDesfire card) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] frame = new byte[in.readUnsignedShort()];
                in.readFully(frame);
                if (frame.length == 1 && frame[0] == 4) {
                    socket.getOutputStream().write(frame(card.atr()));
                } else if (frame.length == 1) {
                    card.reset();
                } else {
                    socket.getOutputStream().write(frame(card.answer(frame)));
                }
            }
        } catch (IOException e) {
            // taken away
        }
    }
}
