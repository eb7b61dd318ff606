/// What a terminal decides about a tap, and the ports it decides through. The decision is a pure
/// function of values; the flow around it keeps one rule: no green light before the commit.
@NullMarked
package org.hourtap.tap;

import org.jspecify.annotations.NullMarked;
