/// The terminal as a program: its configuration, its command line, and the one place where its
/// reader, store, screen and link are made and started, in order.
@NullMarked
package org.hourtap.device;

import org.jspecify.annotations.NullMarked;
