/// The hub over HTTP, for coordinators' programs and for the command line. It parses, asks and
/// renders; what is decided, is decided elsewhere.
@NullMarked
package org.hourtap.server.web;

import org.jspecify.annotations.NullMarked;
