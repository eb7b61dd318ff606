/// A reader without hardware and without pcscd: virtual cards connect to it over the loopback. For
/// the demonstration on machines that have no PC/SC, and for tests.
@NullMarked
package org.hourtap.device.vpcd;

import org.jspecify.annotations.NullMarked;
