package org.hourtap.server.backup;

import org.jspecify.annotations.Nullable;

/// A backup, copy or restore that cannot be done as things are. The message says what to do.
public final class BackupProblem extends Exception {
    private static final long serialVersionUID = 1L;

    BackupProblem(String message) {
        super(message);
    }

    BackupProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
