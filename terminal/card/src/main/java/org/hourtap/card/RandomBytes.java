package org.hourtap.card;

/// Where challenges come from. In production a `SecureRandom`; the protocol itself makes no
/// randomness, so that published vectors can be replayed through it.
@FunctionalInterface
public interface RandomBytes {
    /// A fresh array of exactly `count` unpredictable bytes. The caller zeroes it after use.
    byte[] next(int count);
}
