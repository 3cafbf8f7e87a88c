package org.mocha4j.cuda.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The order of work that streams and events ask for and no more. Work is done as late as possible, when somebody waits
 * for it, so that who does not wait finds other numbers; or, on all streams but the first, as early as possible, so
 * that who should have had the work wait finds other numbers.
 */
final class Streams {
    /** A place in the work of a stream. */
    private static final class Mark {
        final long stream;
        boolean passed;

        Mark(long stream) {
            this.stream = stream;
        }
    }

    private final boolean early;
    private final Map<Long, Deque<Runnable>> work = new LinkedHashMap<>();
    private final Map<Long, Mark> events = new HashMap<>();

    /** @param early whether streams but the first work as early as they may */
    Streams(boolean early) {
        this.early = early;
    }

    void open(long stream) {
        work.put(stream, new ArrayDeque<>());
    }

    void close(long stream) {
        StandIn.require(work.remove(stream).isEmpty(), "a stream is closed before its work is done");
    }

    void add(long stream, Runnable r) {
        work.get(stream).add(r);
        if (early && stream != work.keySet().iterator().next()) {
            drain(stream);
        }
    }

    void drain(long stream) {
        while (!work.get(stream).isEmpty()) {
            work.get(stream).remove().run();
        }
    }

    void drain() {
        work.keySet().forEach(this::drain);
    }

    void record(long event, long stream) {
        Mark m = new Mark(stream);
        events.put(event, m);
        add(stream, () -> m.passed = true);
    }

    void await(long event, long stream) {
        Mark m = events.get(event);
        add(stream, () -> until(m));
    }

    /** An event that was never recorded is over. */
    void synchronizeEvent(long event) {
        until(events.get(event));
    }

    private void until(Mark m) {
        while (m != null && !m.passed) {
            work.get(m.stream).remove().run();
        }
    }
}
