package org.hourtap.card;

/// A card of ours that has just proved it.
///
/// @param counter where its transaction counter stands; 0 on a card that nobody used
public record PersonalisedCard(Uid uid, CardCounter counter) {}
