package org.hourtap.card.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An answer in frames; all but the last one are sent with "more to come".
record Reply(List<byte[]> frames, Status last) {
    static Reply done(byte[] data) {
        return new Reply(List.of(data), Status.OK);
    }

    static Reply ofSize(int frame, byte[] data) {
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at == 0 || at < data.length; at += frame) {
            frames.add(Arrays.copyOfRange(data, at, Math.min(at + frame, data.length)));
        }
        return new Reply(frames, Status.OK);
    }
}
