package org.hourtap.server.desk;

/// What the desk knows of a terminal's connection; lost with the hub's process, and told again by
/// the terminal.
///
/// @param epoch of the newest connection, 0 if the terminal has not introduced itself to this
///   process
/// @param journalled newest tap in the terminal's journal when it last introduced itself
/// @param sent the cursor after the last page sent to it, −1 if none was
/// @param isCatchingUp whether that page said there was more: then it asks, and is sent nothing
///   else
public record Presence(
        boolean isOnline,
        long epoch,
        long journalled,
        String programVersion,
        long heardMicros,
        long sent,
        boolean isCatchingUp) {
    static final long NOTHING_SENT = -1;

    static final Presence UNHEARD = new Presence(false, 0, 0, "", 0, NOTHING_SENT, false);

    Presence introduced(long newEpoch, long newest, String version, long nowMicros) {
        return new Presence(true, newEpoch, newest, version, nowMicros, NOTHING_SENT, false);
    }

    Presence heard(long nowMicros) {
        return new Presence(true, epoch, journalled, programVersion, nowMicros, sent, isCatchingUp);
    }

    Presence offline() {
        return new Presence(
                false, epoch, journalled, programVersion, heardMicros, NOTHING_SENT, false);
    }

    Presence sent(long upTo, boolean more) {
        return new Presence(isOnline, epoch, journalled, programVersion, heardMicros, upTo, more);
    }
}
