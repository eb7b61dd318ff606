package org.hourtap.card;

/// The master keys this device may use. It hands out one card's key at a time and never shows a
/// master key, so that a secure element can stand behind it.
public interface KeyRing {
    /// Whether keys with this number can be made here. A door terminal holds the spend key only.
    boolean holds(int keyNumber);

    /// A card's own key, for the caller to close. Asking for a number the ring does not hold is a
    /// mistake in the set-up and an [IllegalStateException].
    AesKey cardKey(Uid uid, ApplicationId application, int keyNumber);
}
