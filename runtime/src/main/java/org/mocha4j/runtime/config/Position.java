package org.mocha4j.runtime.config;

/**
 * Where something is written.
 *
 * @param source the file as it was named, or an option such as {@code --set solver.rate}
 * @param line   from 1; 0 where there are no lines
 * @param column from 1; 0 where there are no lines
 */
public record Position(String source, int line, int column) implements Comparable<Position> {
    /** A place without lines. */
    public static Position of(String source) {
        return new Position(source, 0, 0);
    }

    /** Lines in their order; what has none comes last. */
    @Override
    public int compareTo(Position o) {
        if ((line == 0) != (o.line == 0)) {
            return line == 0 ? 1 : -1;
        }
        return line != o.line ? Integer.compare(line, o.line) : Integer.compare(column, o.column);
    }

    /** For example {@code net.yaml:12}. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
