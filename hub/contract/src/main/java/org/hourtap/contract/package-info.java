/// Everything that crosses the wire between a terminal and the hub, and nothing else: the messages
/// as records, the codec that turns them into bytes, and the topics they travel on. Both ends
/// compile against this module, so that a change of the protocol is a change in one place.
@NullMarked
package org.hourtap.contract;

import org.jspecify.annotations.NullMarked;
