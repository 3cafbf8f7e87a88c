package org.mocha4j.runtime.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Execution.Measured;

/**
 * The coffee lounge: figures that breaks record, by name and iteration, such as {@code test-accuracy}. Saved in
 * snapshots. A second figure of the same name and iteration replaces the first. Used by the thread that solves.
 */
public final class Lounge {
    private final TreeMap<String, TreeMap<Long, Double>> figures = new TreeMap<>();
    private List<Measured> latest = List.of();
    private long latestIteration = -1;

    public void record(String name, long iteration, double value) {
        figures.computeIfAbsent(name, n -> new TreeMap<>()).put(iteration, value);
    }

    /** Records what a validation found, each figure as {@code LAYER-NAME}: {@code accuracy-error}. */
    public void record(List<Measured> found, long iteration) {
        found.forEach(m -> record(m.key(), iteration, m.measurement().value()));
        latest = List.copyOf(found);
        latestIteration = iteration;
    }

    /** What the last validation found, if that was in the given iteration. */
    public Optional<List<Measured>> measured(long iteration) {
        return latestIteration == iteration ? Optional.of(latest) : Optional.empty();
    }

    public List<String> names() {
        return List.copyOf(figures.keySet());
    }

    /** The figures of a name by iteration; empty if there are none. */
    public SortedMap<Long, Double> history(String name) {
        return Collections.unmodifiableSortedMap(figures.getOrDefault(name, new TreeMap<>()));
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
        TreeMap<Long, Double> rows = new TreeMap<>();
        for (int i = 0; i < table.elements(); i += 2) {
            rows.put((long) table.at(i), table.at(i + 1));
        }
        figures.put(name, rows);
    }

    void clear() {
        figures.clear();
    }
}
