package org.mocha4j.api;

/**
 * A width and a height in elements. In files: one number for both, {@code [w, h]}, or {@code {w: …, h: …}}.
 *
 * @param w width
 * @param h height
 */
public record Size(int w, int h) {
    public static Size of(int both) {
        return new Size(both, both);
    }

    @Override
    public String toString() {
        return w + "x" + h;
    }
}
