/// The hub as a program: its configuration, its command line, and the one place where every object
/// is made and every thread is started, in order.
@NullMarked
package org.hourtap.server;

import org.jspecify.annotations.NullMarked;
