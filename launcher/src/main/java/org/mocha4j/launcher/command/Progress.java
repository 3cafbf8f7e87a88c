package org.mocha4j.launcher.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mocha4j.runtime.train.ProgressListener;

/**
 * Shows how a run goes on: the lines of the coffee breaks, and on a terminal a progress bar below them, drawn at most
 * five times a second in a thread of its own, with loss, samples per second and the time left. The loss is read only
 * for the bar. The library is told the width, because where it asks for it, it takes over the signals.
 */
final class Progress implements ProgressListener {
    private static final int PERIOD_MILLIS = 200;
    private static final int USUAL_COLUMNS = 80;

    private final PrintWriter lines;
    private final PrintWriter terminal;
    private final DelegatingProgressBarConsumer display;
    private final LongSupplier clock;
    private ProgressBar bar;
    private long start;
    private long due;
    private long firstSamples;
    private boolean shown;
    private volatile boolean closed;

    /** @param columns of the terminal where the bar is shown; 0 if nowhere */
    Progress(PrintWriter lines, PrintWriter terminal, int columns, LongSupplier clock) {
        this.lines = lines;
        this.terminal = terminal;
        this.clock = clock;
        this.closed = columns == 0;
        this.display = new DelegatingProgressBarConsumer(this::draw, columns - 1);    // the last one would wrap
    }

    static Progress of(Host host, boolean json) {
        return new Progress(json ? host.err() : host.out(), host.err(), columns(), System::nanoTime);
    }

    /** Of the terminal on standard error: the script knows; without it, Java's guess. */
    private static int columns() {
        return Integer.getInteger("mocha.columns",
            System.console() != null && System.getProperty("os.name").startsWith("Windows") ? USUAL_COLUMNS : 0);
    }

    @Override public synchronized void line(String text) {
        if (shown) {
            display.clear();
            shown = false;
        }
        lines.println(text);
        lines.flush();
    }

    private synchronized void draw(String text) {
        terminal.print("\r" + text + "\r");                      // the ^C that a terminal shows is wiped with the bar
        terminal.flush();
        shown = true;
    }

    @Override public void step(long iteration, long total, long samples, DoubleSupplier objective) {
        if (closed) {
            return;
        }
        long now = clock.getAsLong();
        if (bar == null) {
            begin(iteration, total, samples, now);
            return;
        }
        if (now - due >= 0) {
            due = now + PERIOD_MILLIS * 1_000_000L;
            bar.setExtraMessage(String.format(Locale.ROOT, "loss %.5f, %,.0f samples/s", objective.getAsDouble(),
                (samples - firstSamples) / ((now - start) * 1e-9)));
        }
        bar.stepTo(iteration);
    }

    private synchronized void begin(long iteration, long total, long samples, long now) {
        if (closed) {
            return;
        }
        start = now;
        due = now + PERIOD_MILLIS * 1_000_000L;
        firstSamples = samples;
        bar = new ProgressBarBuilder().setTaskName("").setInitialMax(total).startsFrom(iteration, Duration.ZERO)
            .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(PERIOD_MILLIS).setConsumer(display)
            .clearDisplayOnFinish().build();
    }

    /** Takes the bar away for good; lines go on. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (bar != null) {
            bar.close();                                         // draws a last time, in its own thread, and clears
        }
    }
}
