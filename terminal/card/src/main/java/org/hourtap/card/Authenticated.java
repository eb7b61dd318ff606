package org.hourtap.card;

/// What a card has proved: which card it is, and how strongly.
///
/// A copied UID on a blank card comes out as [CardClass#UID_ONLY]. Whoever decides a tap must
/// therefore compare `cardClass` with the class the card was registered with, and refuse a card
/// that proves less than it used to.
public record Authenticated(Uid uid, CardClass cardClass) {}
