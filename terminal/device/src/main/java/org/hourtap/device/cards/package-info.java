/// What a scheme needs to make its cards: the file with the card master keys, the commands under
/// `cards`, and the way to the hub's register. Nothing here runs at a door.
@NullMarked
package org.hourtap.device.cards;

import org.jspecify.annotations.NullMarked;
