package dev.sluice.gateway.api;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Hears everything that is logged between its making and its closing. */
public final class LogTap extends Handler implements AutoCloseable {

    private final Formatter text = new PatternFormatter("%p %c %s%e");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    public LogTap() {
        setLevel(Level.ALL);
        Logger.getLogger("").addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        String line = text.format(entry);
        lines.add(line);
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            errors.add(line);
        }
    }

    /** Returns what was logged, with stack traces. */
    public List<String> lines() {
        return lines;
    }

    /** Returns what was logged at ERROR or above. */
    public List<String> errors() {
        return errors;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
