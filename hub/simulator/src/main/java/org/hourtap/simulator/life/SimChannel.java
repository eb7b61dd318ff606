package org.hourtap.simulator.life;

import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.card.testing.VirtualCard;

/// A card held to a reader, which may leave before or after any command, and whose terminal may
/// lose power at any of these moments.
final class SimChannel implements CardChannel {
    /// A stay as long as it takes.
    static final int STAYS = Integer.MAX_VALUE;

    private final VirtualCard chip;
    private final SimTerminal terminal;
    private final int leavesAt;
    private final long leavesWhen;
    private int moments;

    /// @param leavesAt two moments a command: before the card hears it, and before its answer is
    ///   heard
    SimChannel(VirtualCard chip, SimTerminal terminal, int leavesAt) {
        this.chip = chip;
        this.terminal = terminal;
        this.leavesAt = leavesAt;
        this.leavesWhen = terminal.patience();
    }

    @Override
    public byte[] transceive(byte[] command) throws CardLostException {
        passMoment();
        byte[] answer = chip.answer(command);
        passMoment();
        return answer;
    }

    private void passMoment() throws CardLostException {
        moments++;
        terminal.fuse().burn();
        boolean hasLeft = moments >= leavesAt || terminal.now() > leavesWhen;
        if (hasLeft || terminal.isDead()) {
            throw new CardLostException("the card left the field");
        }
    }
}
