package org.hourtap.runtime;

/// The database was written by a later version of this program; going on could lose what it does
/// not know.
public final class NewerDatabaseException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param found the layout's number in the database
    /// @param known the newest one this program knows
    public NewerDatabaseException(int found, int known) {
        super(
                "The data was written by a newer version of this program (layout "
                        + found
                        + ", this one knows "
                        + known
                        + "). Install the newer version again; nothing was changed.");
    }
}
