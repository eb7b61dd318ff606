package org.hourtap.device.cards;

/// Where new cards are registered.
@FunctionalInterface
interface Register {
    /// Makes a card known, or keeps what is to be made known.
    ///
    /// @return what was done with it, for the progress line
    /// @throws NotRegisteredException with the reason, in a sentence
    String register(Registration card) throws NotRegisteredException, InterruptedException;

    /// The card is made, and the hub does not know it.
    final class NotRegisteredException extends Exception {
        private static final long serialVersionUID = 1L;

        NotRegisteredException(String message) {
            super(message);
        }

        NotRegisteredException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
