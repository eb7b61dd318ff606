package org.hourtap.simulator.life;

import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.Message;
import org.hourtap.contract.TerminalReport;
import org.hourtap.contract.Topics;
import org.hourtap.device.TapDesk;
import org.hourtap.tap.HubUplink;
import org.jspecify.annotations.Nullable;

/// A terminal's line to the hub, broker and all: it may lose, repeat, delay and reorder what it
/// carries, and be cut without either end noticing for a while.
final class SimLink implements HubUplink {
    private static final long RECONNECT = 2 * Agenda.SECOND;

    private final World world;
    private final SimTerminal terminal;
    private @Nullable TapDesk desk;
    private boolean isConnected;
    private boolean isCut;
    private long epoch;

    /// Changes with every connection; what is under way belongs to one of them.
    private long connection;

    SimLink(World world, SimTerminal terminal) {
        this.world = world;
        this.terminal = terminal;
    }

    boolean isCut() {
        return isCut;
    }

    boolean isConnected() {
        return isConnected;
    }

    /// The terminal's program has started.
    void open(TapDesk started) {
        desk = started;
        later(world.chance().upTo(3 * Agenda.SECOND));
    }

    /// The terminal's program has stopped; the broker hears of it later.
    void close() {
        desk = null;
        if (isConnected) {
            isConnected = false;
            connection++;
            tellHubLost();
        }
    }

    /// The line is cut; who is connected notices after the keep-alive.
    void cut() {
        isCut = true;
        long cutOff = connection;
        world.agenda().after(world.chance().upTo(90 * Agenda.SECOND), () -> noticeLoss(cutOff));
    }

    void mend() {
        isCut = false;
        later(world.chance().upTo(RECONNECT));
    }

    /// The hub's end has gone.
    void hubWentDown() {
        long cutOff = connection;
        world.agenda().after(world.chance().upTo(Agenda.SECOND), () -> noticeLoss(cutOff));
    }

    /// The terminal joined, perhaps once more.
    void mayConnect() {
        later(world.chance().upTo(RECONNECT));
    }

    /// The broker ends the connection of a terminal that was shut out.
    void shutOut() {
        lose("it was shut out");
    }

    void hubCameUp() {
        later(world.chance().upTo(RECONNECT));
    }

    @Override
    public void send(Message.Upward message) {
        if (terminal.isDead()) {
            return;
        }
        terminal.fuse().burn();
        if (terminal.isDead() || !isConnected) {
            return;
        }
        terminal.stir();
        Message.Upward said = world.seams().up(terminal.id(), message);
        deliver(Topics.of(World.BOOK, terminal.id(), said), Codec.encode(said));
    }

    @Override
    public void reset(String reason) {
        lose(reason);
    }

    /// The hub sends a page.
    void down(FeedPage page) {
        byte[] bytes = Codec.encode(world.seams().down(terminal.id(), page));
        long carrying = connection;
        for (long delay : world.chance().journeys()) {
            world.agenda().after(delay, () -> arrive(bytes, carrying));
        }
    }

    private void deliver(String topic, byte[] bytes) {
        if (isCut) {
            return;
        }
        for (long delay : world.chance().journeys()) {
            world.agenda()
                    .after(
                            delay,
                            () -> {
                                if (!isCut && world.hub().admits(terminal)) {
                                    world.hub().received(topic, bytes);
                                }
                            });
        }
    }

    private void arrive(byte[] bytes, long carrying) {
        TapDesk open = desk;
        if (isCut || !isConnected || open == null || carrying != connection || terminal.isDead()) {
            return;
        }
        try {
            if (Codec.decode(bytes) instanceof FeedPage page) {
                terminal.run(() -> open.received(page));
            }
        } catch (MalformedMessageException e) {
            throw new Violation(Rule.UNEXPECTED_FAILURE, "the hub said what nobody can read: " + e);
        }
    }

    private void connect() {
        TapDesk open = desk;
        if (open == null || isConnected || isCut || !world.hub().isUp() || terminal.isDead()) {
            return;
        }
        if (!world.hub().admits(terminal)) {
            return; // until it joins again
        }
        terminal.act(() -> {
            try {
                epoch = open.nextEpoch();
                if (!terminal.isDead()) {
                    isConnected = true;
                    connection++;
                    world.tell(terminal.id().value(), "connected, epoch " + epoch);
                    open.connected(epoch);
                }
            } catch (Exception e) {
                later(30 * Agenda.SECOND);
            }
        });
    }

    private void noticeLoss(long which) {
        if (which == connection && isConnected && (isCut || !world.hub().isUp())) {
            lose("the connection broke");
        }
    }

    private void lose(String reason) {
        TapDesk open = desk;
        if (!isConnected || open == null) {
            return;
        }
        isConnected = false;
        connection++;
        world.tell(terminal.id().value(), "disconnected: " + reason);
        terminal.act(open::disconnected);
        tellHubLost();
        later(world.chance().upTo(5 * Agenda.SECOND));
    }

    /// The will that the terminal left with the broker.
    private void tellHubLost() {
        TerminalReport lost = new TerminalReport(epoch, TerminalReport.State.LOST);
        String topic = Topics.of(World.BOOK, terminal.id(), lost);
        byte[] bytes = Codec.encode(lost);
        world.agenda()
                .after(
                        world.chance().upTo(60 * Agenda.SECOND),
                        () -> world.hub().received(topic, bytes));
    }

    private void later(long micros) {
        world.agenda().after(micros, this::connect);
    }
}
