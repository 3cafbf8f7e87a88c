package org.mocha4j.image;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Array;
import org.mocha4j.api.Size;

/**
 * What is done to a picture before a net sees it, in this order: grey or colour as the net has 1 channel or 3; resized;
 * cut to the net's size at the centre, from ⌊(size − cut)/2⌋ on, or ten times; colours ordered; (value − mean) · scale.
 *
 * @param resize   default: {@link Resize#shorter()}; with tenCrop the shorter side becomes 8/7 of the net's, so that
 *                 the cuts differ
 * @param channels default RGB
 * @param mean     [C, H, W] or [1, C, H, W] of the net's size, or of the size that an exact resize gives, then it is
 *                 cut like the picture; or [C], one number per channel; in the order of {@code channels}. Null: none
 * @param scale    of the values, which are 0..255 in files; default 1. Without mean and scale, the transformers of the
 *                 net's data layer are applied instead, if it has some
 * @param tenCrop  whether ten cuts are classified, the corners and the centre, each also mirrored, and their
 *                 probabilities averaged; default false
 */
public record Preparation(Resize resize, Channels channels, Array mean, Double scale, Boolean tenCrop) {
    /** All defaults. */
    public static final Preparation DEFAULT = new Preparation(null, null, null, null, null);

    public Preparation {
        channels = or(channels, Channels.RGB);
        tenCrop = or(tenCrop, false);
        if (scale != null) {
            finite("scale", scale);
        }
        for (int i = 0; mean != null && i < mean.elements(); i++) {
            require(Double.isFinite(mean.at(i)), "mean", mean.at(i) + " at index " + i, "finite numbers");
        }
    }

    public Preparation resize(Resize r) {
        return new Preparation(r, channels, mean, scale, tenCrop);
    }

    public Preparation channels(Channels c) {
        return new Preparation(resize, c, mean, scale, tenCrop);
    }

    public Preparation mean(Array m) {
        return new Preparation(resize, channels, m, scale, tenCrop);
    }

    public Preparation scale(double s) {
        return new Preparation(resize, channels, mean, s, tenCrop);
    }

    public Preparation tenCrop(boolean t) {
        return new Preparation(resize, channels, mean, scale, t);
    }

    /** Whether the transformers of the data layer apply. */
    boolean leavesValues() {
        return mean == null && scale == null;
    }

    /** The size that a picture is brought to. @param cut the net's */
    Size resized(Size picture, Size cut) {
        Size box = tenCrop ? new Size(Math.round(cut.w() * 8 / 7f), Math.round(cut.h() * 8 / 7f)) : cut;
        return resize == null ? Resize.shorter().of(picture, box) : resize.of(picture, cut);
    }
}
