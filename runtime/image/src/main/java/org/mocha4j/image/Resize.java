package org.mocha4j.image;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Size;

/**
 * How pictures get to a size from which the net's is cut.
 *
 * @param fit default SHORTER
 * @param box the size to reach; null: the net's own
 */
public record Resize(Fit fit, Size box) {
    /** What happens to the ratio of width and height. */
    public enum Fit {
        /** It stays: the picture just covers the box. For a square: its shorter side becomes that of the box. */
        SHORTER,
        /** It becomes that of the box. */
        EXACT
    }

    public Resize {
        fit = or(fit, Fit.SHORTER);
        require(box == null || box.w() > 0 && box.h() > 0, "box", box, "a width and a height of at least 1");
    }

    /** Keeps the ratio; the picture just covers the net's input. */
    public static Resize shorter() {
        return new Resize(Fit.SHORTER, null);
    }

    /** Keeps the ratio; the shorter side becomes n. */
    public static Resize shorter(int n) {
        return new Resize(Fit.SHORTER, Size.of(n));
    }

    /** Stretches to the net's input. */
    public static Resize exact() {
        return new Resize(Fit.EXACT, null);
    }

    /** Stretches to this size. */
    public static Resize exact(int w, int h) {
        return new Resize(Fit.EXACT, new Size(w, h));
    }

    /** @param byDefault the box where none is given */
    Size of(Size picture, Size byDefault) {
        Size b = or(box, byDefault);
        if (fit == Fit.EXACT) {
            return b;
        }
        double scale = Math.max((double) b.w() / picture.w(), (double) b.h() / picture.h());
        return new Size(Math.max(b.w(), (int) Math.round(picture.w() * scale)),
            Math.max(b.h(), (int) Math.round(picture.h() * scale)));
    }
}
