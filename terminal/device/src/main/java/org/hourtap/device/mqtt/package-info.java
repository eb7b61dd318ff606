/// The link to the hub over MQTT 5. Paho is treated as a socket: a fresh client per connection, no
/// memory of its own, no reconnecting of its own, because what it would remember it also loses.
@NullMarked
package org.hourtap.device.mqtt;

import org.jspecify.annotations.NullMarked;
