/// The card protocol as values over one interface, bytes in and bytes out: authentication, key
/// diversification and the identity a card has proved. JDK cryptography only.
@NullMarked
package org.hourtap.card;

import org.jspecify.annotations.NullMarked;
