/// What operators tell the books to do: hours moved by hand, corrections, agreements with groups,
/// pots and partners, and the close of a business day.
@NullMarked
package org.hourtap.server.office;

import org.jspecify.annotations.NullMarked;
