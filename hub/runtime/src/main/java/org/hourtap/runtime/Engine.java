package org.hourtap.runtime;

/// The kinds of database there are. What differs between them is asked by this name.
public enum Engine {
    /// A file beside the program: a statement costs microseconds, a commit one fsync.
    SQLITE,
    /// A server: each statement is a journey there and back.
    POSTGRESQL
}
