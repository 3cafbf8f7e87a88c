package org.mocha4j.runtime.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.mocha4j.api.ConfigurationException;

/** Collects everything that is wrong, so that a person sees it at once. Used by one thread. */
public final class Problems {
    /**
     * One thing that is wrong.
     *
     * @param at    null if the place is not known
     * @param cause null if there is none
     */
    public record Problem(Position at, String text, Throwable cause) {
        @Override
        public String toString() {
            return at == null ? text : at + ": " + text;
        }
    }

    private final List<Problem> all = new ArrayList<>();

    public void add(Position at, String text) {
        add(at, text, null);
    }

    /** The same text at the same place counts once. */
    public void add(Position at, String text, Throwable cause) {
        Problem p = new Problem(at, text, cause);
        if (all.stream().noneMatch(q -> q.toString().equals(p.toString()))) {
            all.add(p);
        }
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** In the order of the lines. */
    public List<Problem> list() {
        return all.stream().sorted(Comparator.comparing(Problem::at,
                Comparator.nullsLast(Comparator.naturalOrder()))).toList();
    }

    /** @throws ConfigurationException with one line per problem, if there is any */
    public void check() {
        if (!all.isEmpty()) {
            throw new ConfigurationException(toString(), list().get(0).cause());
        }
    }

    /** One line per problem. */
    @Override
    public String toString() {
        return list().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
