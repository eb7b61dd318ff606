package org.hourtap.simulator.crash;

import java.io.IOException;
import java.time.Duration;
import org.hourtap.simulator.demo.Box;
import org.hourtap.simulator.demo.Deployment;
import org.hourtap.simulator.demo.Plug.Line;
import org.hourtap.simulator.demo.Program;
import org.hourtap.simulator.demo.Waiting;
import org.hourtap.smartcardio.testing.PcscDaemon;

/// Carries a mishap out and mends it.
final class Havoc {
    private static final int FROZEN_MILLIS_MIN = 1_000;
    private static final int FROZEN_MILLIS_MAX = 15_000;
    private static final int LINE_MILLIS_MIN = 1_000;
    private static final int LINE_MILLIS_MAX = 12_000;
    private static final int DISK_MILLIS_MIN = 3_000;
    private static final int DISK_MILLIS_MAX = 10_000;

    private static final int CLOCK_MILLIS_MIN = 2_000;
    private static final int CLOCK_MILLIS_MAX = 12_000;

    /// A clock that was never set, a summer time gone wrong, a year read wrong.
    private static final long[] JUMP_HOURS = {-24 * 365, -2, -1, 1, 2, 24 * 40};

    /// Within the first batch after a reconnection, or soon after.
    private static final int CUT_BYTES_MAX = 6_000;

    private static final int LATENCY_MILLIS = 700;
    private static final int SLOW_BYTES_PER_SECOND = 2_000;

    private final Deployment deployment;
    private final ShakyGround ground;
    private final Duration longest;

    /// What can fail the way starting a program can.
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /// @param longest no mishap is left longer than this
    Havoc(Deployment deployment, ShakyGround ground, Duration longest) {
        this.deployment = deployment;
        this.ground = ground;
        this.longest = longest;
    }

    /// @param box the terminal it happens to, or whose line it happens to
    /// @param luck decides how long and how far
    void wreak(Mishap kind, Box box, long luck) throws IOException {
        Program hub = deployment.hub();
        String terminal = box.place().terminal();
        switch (kind) {
            case TERMINAL_KILLED -> killed(box);
            case HUB_KILLED -> hubKilled();
            case PCSCD_KILLED -> {
                PcscDaemon daemon = daemon();
                daemon.kill();
                Mischief.pauseBeforeRestart();
                daemon.start();
            }
            case TERMINAL_FROZEN -> frozen(box.program().pid(), luck);
            case HUB_FROZEN -> frozen(hub.pid(), luck);
            case PCSCD_FROZEN -> frozen(daemon().pid(), luck);
            case CABLE_PULLED -> {
                box.plug().pull();
                mendLine(box, luck);
            }
            case CABLE_CUT_IN_A_MESSAGE -> {
                box.plug().pullAfter(Math.floorMod(luck, CUT_BYTES_MAX));
                mendLine(box, luck);
            }
            case LINE_SLOW -> {
                Duration latency = Mischief.between(luck, 20, LATENCY_MILLIS);
                box.plug().degrade(new Line(latency, SLOW_BYTES_PER_SECOND, false));
                mendLine(box, luck);
            }
            case LINE_SILENT -> {
                box.plug().degrade(new Line(Duration.ZERO, Integer.MAX_VALUE, true));
                mendLine(box, luck);
            }
            case TERMINAL_DISK_FULL -> full(terminal, luck, () -> {});
            case HUB_DISK_FULL -> full(Deployment.HUB, luck, () -> {});
            case TERMINAL_CLOCK_JUMPS -> jumps(terminal, luck, () -> {});
            case TERMINAL_STARTED_BY_A_WRONG_CLOCK -> jumps(terminal, luck, () -> killed(box));
            case HUB_CLOCK_JUMPS -> jumps(Deployment.HUB, luck, () -> {});
            case TERMINAL_KILLED_ON_A_FULL_DISK -> {
                full(terminal, luck, box.program()::kill);
                box.start();
            }
            case HUB_KILLED_ON_A_FULL_DISK -> {
                full(Deployment.HUB, luck, hub::kill);
                deployment.startHub();
            }
        }
    }

    private void killed(Box box) throws IOException {
        box.program().kill();
        Mischief.pauseBeforeRestart();
        box.start();
    }

    private void hubKilled() throws IOException {
        deployment.hub().kill();
        Mischief.pauseBeforeRestart();
        deployment.startHub();
    }

    private void frozen(long pid, long luck) throws IOException {
        Tool.freeze(pid);
        last(luck, FROZEN_MILLIS_MIN, FROZEN_MILLIS_MAX);
        Tool.thaw(pid);
    }

    private void mendLine(Box box, long luck) {
        last(luck, LINE_MILLIS_MIN, LINE_MILLIS_MAX);
        box.plug().plugIn();
    }

    private void full(String program, long luck, Runnable then) throws IOException {
        SmallDisk disk = ground.disk(program);
        disk.fill();
        try {
            last(luck, DISK_MILLIS_MIN, DISK_MILLIS_MAX);
            then.run();
        } finally {
            disk.free();
        }
    }

    private void jumps(String program, long luck, Work meanwhile) throws IOException {
        long hours = JUMP_HOURS[(int) Math.floorMod(luck, (long) JUMP_HOURS.length)];
        WallClock clock = ground.clock(program);
        clock.jump(Duration.ofHours(hours));
        try {
            meanwhile.run();
            last(luck, CLOCK_MILLIS_MIN, CLOCK_MILLIS_MAX);
        } finally {
            clock.jump(Duration.ZERO);
        }
    }

    private void last(long luck, int millisMin, int millisMax) {
        Duration drawn = Mischief.between(luck, millisMin, millisMax);
        Waiting.pause(drawn.compareTo(longest) < 0 ? drawn : longest);
    }

    private PcscDaemon daemon() {
        return deployment
                .readers()
                .daemon()
                .orElseThrow(() -> new IllegalStateException("no pcscd runs"));
    }
}
