/// Who may speak to the broker: the hub's own certificate authority, made at the first start and
/// kept for as long as terminals trust it, and what a certificate says about whoever holds it.
@NullMarked
package org.hourtap.server.certificates;

import org.jspecify.annotations.NullMarked;
