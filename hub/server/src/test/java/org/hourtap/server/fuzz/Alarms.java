package org.hourtap.server.fuzz;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What the hub's threads would tell its operator: the hub survives its own errors, and says so in
/// its log, where a fuzzer would not look.
final class Alarms extends Handler implements AutoCloseable {
    /// Of a batch that did not get into the books: its terminal would send it for ever.
    private static final String STUCK = "not taken in";

    private final Logger logger = Logger.getLogger("org.hourtap.server");
    private final Queue<LogRecord> heard = new ConcurrentLinkedQueue<>();

    static Alarms listening() {
        Alarms alarms = new Alarms();
        alarms.logger.addHandler(alarms);
        alarms.logger.setUseParentHandlers(false); // refusals are what this is about
        return alarms;
    }

    /// Throws the first alarm since the last look.
    void check() {
        LogRecord first = heard.poll();
        heard.clear();
        if (first != null) {
            throw new AssertionError("the hub logged: " + first.getMessage(), first.getThrown());
        }
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().equals(Level.SEVERE) || entry.getMessage().contains(STUCK)) {
            heard.add(entry);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
