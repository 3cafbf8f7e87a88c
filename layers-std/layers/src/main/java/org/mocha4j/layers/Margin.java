package org.mocha4j.layers;

import static org.mocha4j.api.Checks.require;

/**
 * Elements added at the two ends of one axis. In files: one number for both, {@code [front, end]}, or {@code {front: …,
 * end: …}}.
 *
 * @param front how many before the first
 * @param end how many after the last
 */
public record Margin(int front, int end) {
    public Margin {
        require(front >= 0, "front", front, "at least 0");
        require(end >= 0, "end", end, "at least 0");
    }

    public static Margin of(int both) {
        return new Margin(both, both);
    }

    @Override
    public String toString() {
        return "[" + front + ", " + end + "]";
    }
}
