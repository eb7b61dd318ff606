package org.hourtap.contract.testing;

import java.io.IOException;
import java.util.List;

/// The targets of one room. Needs a constructor without parameters, because it is made in Jazzer's
/// JVM; what the targets share (a server, a folder) is made there.
public interface FuzzTargets extends AutoCloseable {
    List<FuzzTarget> targets();

    @Override
    default void close() throws IOException {}
}
