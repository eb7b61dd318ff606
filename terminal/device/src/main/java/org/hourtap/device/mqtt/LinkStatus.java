package org.hourtap.device.mqtt;

/// How the connection to the broker is, for staff and logs.
///
/// @param trouble a sentence on why it is down; empty while it stands or was not tried yet
public record LinkStatus(boolean isConnected, String trouble) {
    static final LinkStatus UP = new LinkStatus(true, "");
    static final LinkStatus NOT_YET = new LinkStatus(false, "");
}
