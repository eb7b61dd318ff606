package org.hourtap.card;

import java.util.SortedSet;

/// The master keys this device may use. It hands out one card's key at a time and never shows a
/// master key, so that a secure element can stand behind it.
///
/// A key number has one master for each version of it: while a key is being rolled, cards of both
/// versions are about, and [#versions] has them all.
public interface KeyRing {
    /// Whether keys with this number can be made here. A door terminal holds the spend key only.
    boolean holds(int keyNumber);

    /// The versions held of a key number, lowest first; empty if there are none. The highest is the
    /// one that cards are to have.
    SortedSet<Integer> versions(int keyNumber);

    /// A card's own key, for the caller to close. Asking for a number or version that the ring does
    /// not hold is a mistake in the set-up and an [IllegalStateException].
    AesKey cardKey(Uid uid, ApplicationId application, int keyNumber, int version);
}
