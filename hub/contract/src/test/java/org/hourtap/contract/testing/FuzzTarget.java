package org.hourtap.contract.testing;

/// One parser under attack.
///
/// @param name also of its folder in `src/test/resources/fuzz-corpus`, and of `NAME.dict` there
/// @param promise what must hold whatever comes
public record FuzzTarget(String name, Promise promise) {
    /// A parser's word: returns for any bytes, having caught what the parser is documented to
    /// throw. Anything that gets out is a finding.
    @FunctionalInterface
    public interface Promise {
        void keepsFor(byte[] input) throws Exception;
    }

    void attack(byte[] input) throws Exception {
        promise.keepsFor(input);
    }
}
