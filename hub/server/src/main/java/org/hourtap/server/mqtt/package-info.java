/// The hub's side of MQTT: the broker that runs inside the hub unless an outside one is named, the
/// rules that keep each terminal to its own topics, and the hub's own link to whichever broker it
/// is. A broker is transport: nothing here is durable, and nothing has to be.
@NullMarked
package org.hourtap.server.mqtt;

import org.jspecify.annotations.NullMarked;
