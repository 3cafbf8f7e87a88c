package org.mocha4j.runtime.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Figures;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Execution.Measured;

/**
 * The coffee lounge: figures that breaks record, by name and iteration, such as {@code test-accuracy}. Saved in
 * snapshots, and by the break {@link CoffeeLounge}. A second figure of the same name and iteration replaces the first.
 * Used by the thread that solves.
 */
public final class Lounge implements Figures {
    /** Is told each figure when it is recorded; what a snapshot brings back is not told. */
    @FunctionalInterface
    public interface Listener {
        void recorded(String name, long iteration, double value);
    }

    /** The figures of one name. */
    private static final class Series {
        long[] iterations = new long[16];
        double[] values = new double[16];
        int count;

        void put(long iteration, double value) {
            int at = Arrays.binarySearch(iterations, 0, count, iteration);
            if (at < 0) {
                at = -at - 1;
                if (count == iterations.length) {
                    iterations = Arrays.copyOf(iterations, 2 * count);
                    values = Arrays.copyOf(values, 2 * count);
                }
                System.arraycopy(iterations, at, iterations, at + 1, count - at);
                System.arraycopy(values, at, values, at + 1, count - at);
                count++;
            }
            iterations[at] = iteration;
            values[at] = value;
        }
    }

    private final TreeMap<String, Series> figures = new TreeMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private List<Measured> latest = List.of();
    private long latestIteration = -1;

    public void record(String name, long iteration, double value) {
        figures.computeIfAbsent(name, n -> new Series()).put(iteration, value);
        listeners.forEach(l -> l.recorded(name, iteration, value));
    }

    /** Records what a validation found, each figure as {@code LAYER-NAME}: {@code accuracy-error}. */
    public void record(List<Measured> found, long iteration) {
        latest = List.copyOf(found);
        latestIteration = iteration;
        found.forEach(m -> record(m.key(), iteration, m.measurement().value()));
    }

    /** Has a listener called from now on. */
    public void listen(Listener l) {
        listeners.add(l);
    }

    /** What the last validation found, if that was in the given iteration. */
    public Optional<List<Measured>> measured(long iteration) {
        return latestIteration == iteration ? Optional.of(latest) : Optional.empty();
    }

    public List<String> names() {
        return List.copyOf(figures.keySet());
    }

    /** The figures of a name by iteration, at the moment; empty if there are none. */
    public SortedMap<Long, Double> history(String name) {
        TreeMap<Long, Double> rows = new TreeMap<>();
        for (int k = 0; k < count(name); k++) {
            rows.put(iteration(name, k), value(name, k));
        }
        return Collections.unmodifiableSortedMap(rows);
    }

    @Override
    public int count(String name) {
        Series s = figures.get(name);
        return s == null ? 0 : s.count;
    }

    @Override
    public long iteration(String name, int k) {
        return figures.get(name).iterations[k];
    }

    @Override
    public double value(String name, int k) {
        return figures.get(name).values[k];
    }

    /** The history of a name as float64 rows of (iteration, value). */
    Array table(String name) {
        List<Map.Entry<Long, Double>> rows = new ArrayList<>(history(name).entrySet());
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT64, rows.size(), 2));
        for (int i = 0; i < rows.size(); i++) {
            t.set(2 * i, rows.get(i).getKey());
            t.set(2 * i + 1, rows.get(i).getValue());
        }
        return t.toArray();
    }

    /** Takes a history back from a table. */
    void restore(String name, Array table) {
        Series s = new Series();
        for (int i = 0; i < table.elements(); i += 2) {
            s.put((long) table.at(i), table.at(i + 1));
        }
        figures.put(name, s);
    }

    void clear() {
        figures.clear();
    }
}
