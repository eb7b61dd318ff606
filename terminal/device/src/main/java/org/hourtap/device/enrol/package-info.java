/// How a terminal joins: a key pair made on the device, a one-time code from the hub that never
/// crosses the wire, and the files that come of it in the data folder.
@NullMarked
package org.hourtap.device.enrol;

import org.jspecify.annotations.NullMarked;
