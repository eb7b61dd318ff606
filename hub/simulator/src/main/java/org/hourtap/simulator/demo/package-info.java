/// A whole deployment on this machine, as processes over the real wire: what `deploy/demo` runs. It
/// plays the people too, with virtual cards held at real readers, and tells the story of a tour.
@NullMarked
package org.hourtap.simulator.demo;

import org.jspecify.annotations.NullMarked;
