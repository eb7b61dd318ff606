package org.hourtap.simulator.life;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.card.KeyRing;
import org.hourtap.card.MasterKeys;
import org.hourtap.card.testing.VirtualDesfire;

/// The scheme's spend keys, version after version: what cards are made with, and what terminals and
/// hub are given.
final class Locksmith implements AutoCloseable {
    /// Keys are rolled after a theft, not every day.
    private static final int VERSION_MAX = 3;

    /// New key files reach one terminal after the other.
    private static final long ROUND = 3 * Agenda.DAY;

    private final World world;
    private final List<byte[]> masters = new ArrayList<>();
    private final List<MasterKeys> rings = new ArrayList<>();
    private final MasterKeys hubKeys;
    private boolean isUnderWay;
    private boolean rolls;

    Locksmith(World world) {
        this.world = world;
        addVersion();
        this.hubKeys =
                new MasterKeys(
                        Map.of(
                                new KeyName(CardLayout.TMAC_KEY, 0),
                                VirtualDesfire.testMaster(
                                        masters.getFirst(), CardLayout.TMAC_KEY)));
    }

    private void addVersion() {
        String name = "simulated mast" + (masters.size() + 10);
        masters.add(name.getBytes(StandardCharsets.US_ASCII));
        Map<KeyName, byte[]> held = new HashMap<>();
        for (int version = 0; version < masters.size(); version++) {
            held.put(new KeyName(CardLayout.SPEND_KEY, version), masters.get(version));
        }
        rings.add(new MasterKeys(held));
    }

    /// @return for the hub: what cards sign with
    MasterKeys hubKeys() {
        return hubKeys;
    }

    /// @return for a terminal: every version there is
    KeyRing newest() {
        return rings.getLast();
    }

    /// @return whether every terminal has the newest, and cards are to get it
    boolean rolls() {
        return rolls;
    }

    /// @return of the first version, which some cards have for ever
    byte[] firstMaster() {
        return masters.getFirst().clone();
    }

    /// A card made today: with the newest version that opens at every door.
    VirtualDesfire.Builder desfire(byte[] uid) {
        byte[] first = masters.getFirst();
        int version = isUnderWay ? masters.size() - 2 : masters.size() - 1;
        return VirtualDesfire.with(uid, masters.get(version))
                .master(CardLayout.TMAC_KEY, VirtualDesfire.testMaster(first, CardLayout.TMAC_KEY))
                .keyVersion(CardLayout.SPEND_KEY, version);
    }

    /// A new version of the spend key: first to every terminal, and only then to the cards.
    void roll() {
        if (isUnderWay || masters.size() > VERSION_MAX) {
            return;
        }
        addVersion();
        isUnderWay = true;
        rolls = false;
        world.tell("scheme", "a new spend key, version " + (masters.size() - 1));
        world.coverage().seen("key roll");
        for (SimTerminal terminal : world.terminals()) {
            world.agenda().after(world.chance().upTo(ROUND), () -> bring(terminal));
        }
        world.agenda().after(ROUND, this::everyoneHasIt);
    }

    private void everyoneHasIt() {
        isUnderWay = false;
        rolls = true;
        for (SimTerminal terminal : world.terminals()) {
            world.agenda().after(world.chance().upTo(Agenda.DAY), () -> bring(terminal));
        }
    }

    private void bring(SimTerminal terminal) {
        terminal.bring(world.seams().keys(terminal.id(), newest()), rolls);
        world.fates().restart(terminal);
    }

    @Override
    public void close() {
        rings.forEach(MasterKeys::close);
        hubKeys.close();
    }
}
