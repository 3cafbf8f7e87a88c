package org.mocha4j.launcher.data;

/**
 * How one sample is written: the affine map from the glyph's box (100 by 100, centre 50, 50) to the image, the pen
 * and the paper.
 *
 * @param xx x of the image for a step in x of the glyph; {@code xy}, {@code yx}, {@code yy} likewise
 * @param x  where the glyph's centre goes
 * @param radius half the width of the pen, in pixels
 * @param tremble standard deviation of a point's own movement, in units of the glyph's box
 * @param strength grey of full ink, 0..1
 * @param noise standard deviation of the grey noise, 0..1
 */
record Hand(double xx, double xy, double yx, double yy, double x, double y, double radius, double tremble,
            double strength, double noise) {
    /** Standard deviation of the rotation in radians; cut at twice this. */
    private static final double TURN = 0.2;
    /** Mean size of a glyph in pixels, and by how much of it width and height vary independently. */
    private static final double WIDTH = 15;
    private static final double HEIGHT = 19;
    private static final double STRETCH = 0.2;
    /** Largest slant (x per y) and largest shift in pixels; the shift is what keeps linear classifiers down. */
    private static final double SHEAR = 0.3;
    private static final double SHIFT = 2.5;
    private static final double TREMBLE = 2.5;
    private static final double NOISE = 0.08;
    private static final double CENTRE = (DrawnDigits.SIDE - 1) / 2.0;

    static Hand random(SampleRandom random) {
        double angle = Math.max(-2, Math.min(2, random.bell())) * TURN;
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double width = WIDTH * random.uniform(1 - STRETCH, 1 + STRETCH) / 100;
        double height = HEIGHT * random.uniform(1 - STRETCH, 1 + STRETCH) / 100;
        double shear = random.uniform(-SHEAR, SHEAR);
        return new Hand(cos * width, (-cos * shear - sin) * height, sin * width, (cos - sin * shear) * height,
                CENTRE + random.uniform(-SHIFT, SHIFT), CENTRE + random.uniform(-SHIFT, SHIFT),
                random.uniform(0.7, 1.6), TREMBLE, random.uniform(0.7, 1.0), random.uniform(0, NOISE));
    }

    /** The points of a stroke on the image. */
    double[] move(double[] points, SampleRandom random) {
        double[] moved = new double[points.length];
        for (int k = 0; k < points.length; k += 2) {
            double px = points[k] - 50 + tremble * random.bell();
            double py = points[k + 1] - 50 + tremble * random.bell();
            moved[k] = x + xx * px + xy * py;
            moved[k + 1] = y + yx * px + yy * py;
        }
        return moved;
    }

    /** Ink to grey: strength, noise, and rounding to 0..255. */
    byte[] develop(double[] ink, SampleRandom random) {
        byte[] grey = new byte[ink.length];
        for (int k = 0; k < ink.length; k++) {
            double value = 255 * (strength * ink[k] + noise * random.bell());
            grey[k] = (byte) (int) Math.max(0, Math.min(255, Math.floor(value + 0.5)));
        }
        return grey;
    }
}
