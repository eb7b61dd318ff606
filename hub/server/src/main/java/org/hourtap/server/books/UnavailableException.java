package org.hourtap.server.books;

import java.sql.SQLException;
import org.hourtap.runtime.StorageFault;

/// The books cannot take a command now: the disk is full, say, or too much is waiting. Nothing of
/// the command was kept; trying again later is safe.
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message) {
        super(message);
    }

    UnavailableException(SQLException cause) {
        super(StorageFault.of(cause).advice(), cause);
    }
}
