package org.hourtap.server.cards;

import org.hourtap.contract.MemberId;

/// A person of the scheme.
///
/// @param language two letters, the language to greet in
public record Member(MemberId id, String firstName, String language) {
    private static final int NAME_LENGTH_MAX = 60;

    public Member {
        if (firstName.isBlank() || firstName.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException("A first name has 1 to 60 characters.");
        }
        if (!language.matches("[a-z]{2}")) {
            throw new IllegalArgumentException("A language is two letters, such as en or cy.");
        }
    }
}
