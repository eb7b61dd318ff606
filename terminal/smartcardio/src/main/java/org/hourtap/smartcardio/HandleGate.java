package org.hourtap.smartcardio;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/// Keeps threads that look a handle up apart from those that make or end one.
///
/// pcsc-lite 1.9.9 calls a context of one's own per thread safe, and it is not: `SCardDisconnect`
/// walks the list of all contexts without its lock, and `SCardConnect` adds to a list that others
/// walk. A context released at that moment by another thread is read after it was freed, which ends
/// the JVM. (`fe6ca582` of pcsc-lite mends a part of it, in 2.4.)
///
/// Whoever only looks up goes first: such a call may wait for a card that is held by a thread which
/// has yet to come through here.
final class HandleGate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int lookingUp;
    private boolean changing;

    /// Runs a call that looks its handle up, beside others of its kind.
    int lookUp(IntSupplier call) {
        lock.lock();
        try {
            while (changing) {
                changed.awaitUninterruptibly();
            }
            lookingUp++;
        } finally {
            lock.unlock();
        }
        try {
            return call.getAsInt();
        } finally {
            lock.lock();
            try {
                lookingUp--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Runs a call that makes or ends a context or a handle, alone.
    int change(IntSupplier call) {
        lock.lock();
        try {
            while (changing || lookingUp > 0) {
                changed.awaitUninterruptibly();
            }
            changing = true;
        } finally {
            lock.unlock();
        }
        try {
            return call.getAsInt();
        } finally {
            lock.lock();
            try {
                changing = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
