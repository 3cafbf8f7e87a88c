package org.mocha4j.launcher.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.mocha4j.runtime.train.ProgressListener;

/**
 * Shows how a run goes on: the lines of the coffee breaks, and on a terminal one more line at the bottom, rewritten at
 * most five times a second, with loss, samples per second and the time left. The loss is read only for that line.
 */
final class Progress implements ProgressListener {
    private static final long PERIOD = 200_000_000L;
    private static final int WIDTH = 78;

    private final PrintWriter lines;
    private final PrintWriter terminal;
    private final LongSupplier clock;
    private long start;
    private long due;
    private long firstIteration;
    private long firstSamples;
    private boolean started;
    private int shown;

    /** @param terminal where the progress line is shown; null if nowhere */
    Progress(PrintWriter lines, PrintWriter terminal, LongSupplier clock) {
        this.lines = lines;
        this.terminal = terminal;
        this.clock = clock;
    }

    static Progress of(Host host, boolean json) {
        return new Progress(json ? host.err() : host.out(), isTerminal() ? host.err() : null, System::nanoTime);
    }

    /** Whether standard error is one: the script knows; without it, Java's guess. */
    private static boolean isTerminal() {
        String told = System.getProperty("mocha.terminal");
        return told != null ? Boolean.parseBoolean(told)
            : System.console() != null && System.getProperty("os.name").startsWith("Windows");
    }

    @Override public synchronized void line(String text) {
        clear();
        lines.println(text);
        lines.flush();
    }

    @Override public void step(long iteration, long total, long samples, DoubleSupplier objective) {
        if (terminal == null) {
            return;
        }
        long now = clock.getAsLong();
        if (!started) {
            started = true;
            start = now;
            firstIteration = iteration;
            firstSamples = samples;
            due = now + PERIOD;
        } else if (now - due >= 0) {
            due = now + PERIOD;
            show(text(iteration, total, samples, (now - start) * 1e-9, objective.getAsDouble()));
        }
    }

    private String text(long iteration, long total, long samples, double seconds, double loss) {
        double left = seconds / (iteration - firstIteration) * (total - iteration);
        return String.format(Locale.ROOT, "%d/%d  %d%%  loss %.5f  %,.0f samples/s  ETA %s", iteration, total,
            100 * iteration / total, loss, (samples - firstSamples) / seconds, Text.duration(left));
    }

    private synchronized void show(String text) {
        String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
        terminal.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
        terminal.flush();
        shown = cut.length();
    }

    /** Takes the progress line away. */
    synchronized void clear() {
        if (shown > 0) {
            terminal.print("\r" + " ".repeat(shown) + "\r");
            terminal.flush();
            shown = 0;
        }
    }
}
