/// The card protocol as values over one interface, bytes in and bytes out: authentication, key
/// diversification and the identity a card has proved. JDK cryptography only; no clock, no thread,
/// no reader. Everything a card answers is doubted: whatever the bytes, the outcome is a value,
/// [CardLostException] or [CardRefusedException].
@NullMarked
package org.hourtap.card;

import org.jspecify.annotations.NullMarked;
