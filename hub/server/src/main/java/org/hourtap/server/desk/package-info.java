/// Where terminals are answered: each message they send is taken off the link at once, handled on
/// one thread, and answered with a page of the feed. Knows messages, not MQTT.
@NullMarked
package org.hourtap.server.desk;

import org.jspecify.annotations.NullMarked;
