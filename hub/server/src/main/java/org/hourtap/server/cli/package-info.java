/// The hub on the command line: each command is one request to the running hub.
@NullMarked
package org.hourtap.server.cli;

import org.jspecify.annotations.NullMarked;
