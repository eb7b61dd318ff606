package org.hourtap.smartcardio;

import java.security.Provider;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.TerminalFactorySpi;
import org.jspecify.annotations.Nullable;

/// The security provider to hand to `TerminalFactory.getInstance("PC/SC", null, provider)`.
///
/// It never asks pcscd for anything before the first operation on a terminal, so it can be made
/// while pcscd is down, or before libpcsclite is installed. Never use
/// `TerminalFactory.getDefault()`: that asks the JDK's own provider.
public final class PcscLite extends Provider {
    /// The algorithm name to ask the factory for; the same as the JDK's own provider uses.
    public static final String TYPE = "PC/SC";

    private static final long serialVersionUID = 1L;

    /// @param monotonicNanos a clock that only moves forward, in nanoseconds: `System::nanoTime`
    public PcscLite(LongSupplier monotonicNanos) {
        super("PcscLite", "1.0", "javax.smartcardio over pcsc-lite");
        putService(new TerminalFactoryService(this, monotonicNanos));
    }

    private static final class TerminalFactoryService extends Service {
        private final LongSupplier monotonicNanos;

        TerminalFactoryService(Provider provider, LongSupplier monotonicNanos) {
            super(
                    provider,
                    "TerminalFactory",
                    TYPE,
                    TerminalFactorySpi.class.getName(),
                    List.of(),
                    Map.of());
            this.monotonicNanos = monotonicNanos;
        }

        @Override
        public Object newInstance(@Nullable Object parameters) {
            return new TerminalFactorySpi() {
                @Override
                protected CardTerminals engineTerminals() {
                    return new PcscTerminals(monotonicNanos);
                }
            };
        }
    }
}
