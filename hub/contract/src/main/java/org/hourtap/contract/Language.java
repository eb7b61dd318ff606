package org.hourtap.contract;

/// The languages a member can be greeted in, by their ISO 639-1 code.
final class Language {
    private Language() {}

    static void require(String code) {
        if (!code.matches("[a-z]{2}")) {
            throw new IllegalArgumentException("a language is two letters, such as en or cy");
        }
    }
}
