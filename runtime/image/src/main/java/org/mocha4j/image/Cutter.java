package org.mocha4j.image;

import static org.mocha4j.api.Checks.require;

import java.util.Arrays;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Size;

/** Cuts samples for a net out of pictures. */
final class Cutter {
    private static final int TEN = 10;

    private final Preparation how;
    private final int channels;
    private final Size cut;
    private final double scale;
    private final double[] mean;
    /** The extent of a mean image; null where the mean has one number per channel. */
    private final Size meanSize;

    /** @param sample [C, H, W] of the net */
    Cutter(Preparation how, Shape sample, String blob) {
        this.how = how;
        this.channels = sample.dim(0);
        this.cut = new Size(sample.dim(2), sample.dim(1));
        if (channels != 1 && channels != 3) {
            throw new ShapeException("blob [" + blob + "] takes samples of " + sample + ": " + channels
                + " channels; images have 1 (grey) or 3 (colours)");
        }
        Size box = how.resize() == null ? null : how.resize().box();
        require(box == null || box.w() >= cut.w() && box.h() >= cut.h(), "resize", box,
            "at least " + cut + ", which the net takes");
        scale = how.scale() == null ? 1 : how.scale();
        mean = how.mean() == null ? new double[channels] : how.mean().toDoubles();
        meanSize = how.mean() == null ? null : meanSize(how.mean(), sample);
    }

    private Size meanSize(Array m, Shape sample) {
        Shape found = stripped(m.shape());
        if (found.equals(stripped(sample))) {
            return cut;
        }
        if (found.equals(stripped(Shape.of(channels))) || m.shape().equals(Shape.of(channels, 1, 1))) {
            return null;
        }
        Resize r = how.resize();
        if (r != null && r.fit() == Resize.Fit.EXACT && r.box() != null
            && found.equals(stripped(Shape.of(channels, r.box().h(), r.box().w())))) {
            return r.box();
        }
        throw new ShapeException("mean " + m.shape() + " does not fit the net's images of " + sample + "; expected that"
            + " shape, that of an exact resize, or [" + channels + "], one number per channel");
    }

    private static Shape stripped(Shape s) {
        int from = 0;
        while (from < s.rank() && s.dim(from) == 1) {
            from++;
        }
        return Shape.of(Arrays.copyOfRange(s.dims(), from, s.rank()));
    }

    /** How many samples a picture gives. */
    int cuts() {
        return how.tenCrop() ? TEN : 1;
    }

    /** With the net's channels, and as large as cuts are taken from. */
    Picture fit(Picture p) {
        return (channels == 1 ? p.grey() : p.coloured()).resized(how.resized(p.size(), cut));
    }

    /**
     * Writes a sample of a batch.
     *
     * @param p what {@link #fit} gave
     * @param i of the cuts: centre; or the corners from the top left, the centre, then the same five mirrored
     */
    void cut(Picture p, int i, HostTensor batch, int sample) {
        boolean mirrored = i >= TEN / 2;
        int place = how.tenCrop() ? i % (TEN / 2) : 4;
        int left = place == 4 ? (p.width() - cut.w()) / 2 : place % 2 * (p.width() - cut.w());
        int top = place == 4 ? (p.height() - cut.h()) / 2 : place / 2 * (p.height() - cut.h());
        int at = sample * channels * cut.h() * cut.w();
        for (int c = 0; c < channels; c++) {
            int colour = how.channels() == Channels.BGR ? channels - 1 - c : c;
            for (int y = 0; y < cut.h(); y++) {
                for (int x = 0; x < cut.w(); x++) {
                    int from = left + (mirrored ? cut.w() - 1 - x : x);
                    batch.set(at++, (p.at(colour, top + y, from) - mean(c, top + y, from, top, left)) * scale);
                }
            }
        }
    }

    /** A mean image of the whole picture is cut like it; one of the net's size lies under every cut. */
    private double mean(int c, int y, int x, int top, int left) {
        if (meanSize == null) {
            return mean[c];
        }
        boolean whole = !meanSize.equals(cut);
        return mean[(c * meanSize.h() + (whole ? y : y - top)) * meanSize.w() + (whole ? x : x - left)];
    }
}
