package org.hourtap.server.mqtt;

import org.hourtap.server.certificates.Holder;

/// Whether a terminal with a genuine certificate is still welcome. Asked at every connect and again
/// at every right it uses, on the broker's threads, so the answer must come from memory.
@FunctionalInterface
public interface Admission {
    /// @param terminal whom the certificate names; its serial tells the terminal's present
    ///   certificate from that of a stolen predecessor with the same name
    boolean isAllowed(Holder.Terminal terminal);
}
