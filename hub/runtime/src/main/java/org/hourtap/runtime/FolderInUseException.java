package org.hourtap.runtime;

import java.nio.file.Path;

/// A second start on the same data folder.
public final class FolderInUseException extends Exception {
    private static final long serialVersionUID = 1L;

    FolderInUseException(Path folder) {
        super(
                "The folder "
                        + folder
                        + " is in use by a running program of ours. Stop that one first, or give this"
                        + " one a folder of its own with --data.");
    }
}
