package org.hourtap.simulator.life;

import org.hourtap.simulator.power.SimDisk;

/// When a machine's power goes: after so many writes to its disk, or after so many other things it
/// does to the world (a command to a card, a message, a light).
final class Fuse {
    private final SimDisk disk;
    private int left = Integer.MAX_VALUE;

    Fuse(SimDisk disk) {
        this.disk = disk;
    }

    /// The power goes at the n-th thing the machine does to the world from now on.
    void light(int n) {
        left = n;
    }

    void putOut() {
        left = Integer.MAX_VALUE;
    }

    void burn() {
        if (left == Integer.MAX_VALUE) {
            return;
        }
        left--;
        if (left <= 0) {
            left = Integer.MAX_VALUE;
            disk.cutNow();
        }
    }
}
