/// Who the members are, which card is whose, which of its taps are in the books, and what terminals
/// may know of it. Names stay in this register; the feed carries a balance and a language, no more.
@NullMarked
package org.hourtap.server.cards;

import org.jspecify.annotations.NullMarked;
