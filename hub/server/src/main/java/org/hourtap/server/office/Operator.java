package org.hourtap.server.office;

/// Who answers for what was done by hand, and why it was done.
///
/// @param name 1 to 60 characters
/// @param note 1 to 200 characters
public record Operator(String name, String note) {
    private static final int NAME_LENGTH_MAX = 60;
    private static final int NOTE_LENGTH_MAX = 200;

    public Operator {
        requireName(name);
        if (note.isBlank() || note.length() > NOTE_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "Say why it is done, in a note of 1 to 200 characters.");
        }
    }

    static void requireName(String name) {
        if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "Name the operator who does this, in 1 to 60 characters.");
        }
    }
}
