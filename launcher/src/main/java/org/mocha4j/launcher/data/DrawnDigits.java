package org.mocha4j.launcher.data;

import java.util.Objects;

/**
 * Digits drawn by the program itself, for a first run without any download: 28×28 grey strokes, written in several ways
 * each, with random shift, scale, rotation, shear, thickness, trembling of the hand and noise. Sample {@code first + i}
 * is a function of the seed and its number alone; every ten samples (from a multiple of ten on) hold each digit once.
 *
 * <p>It is a harder task than it looks: how far digits move is chosen so that multinomial logistic regression on the
 * pixels stays under 90 %, while a small convolutional net gets over 97 %.
 *
 * @param seed  chooses the whole endless series of digits
 * @param first number of the first sample, at least 0 and a multiple of ten
 * @param size  number of samples, at least 1
 */
public record DrawnDigits(long seed, long first, int size) implements SampleSet {
    /** Rows and columns of an image. */
    public static final int SIDE = 28;
    private static final Dims DIMS = new Dims(1, SIDE, SIDE);
    private static final long TEST_FIRST = 1_000_000_000L;

    public DrawnDigits {
        if (first < 0 || first % 10 != 0) {
            throw new IllegalArgumentException("first is " + first + ", expected a multiple of ten that is at least 0");
        }
        if (size < 1) {
            throw new IllegalArgumentException("size is " + size + ", expected at least 1");
        }
    }

    /** The 10,000 samples to train on. */
    public static DrawnDigits train(long seed) {
        return new DrawnDigits(seed, 0, 10_000);
    }

    /** The 2,000 held-out samples to test on. None of them is in the training set. */
    public static DrawnDigits test(long seed) {
        return new DrawnDigits(seed, TEST_FIRST, 2_000);
    }

    @Override
    public Dims dims() {
        return DIMS;
    }

    @Override
    public int label(int i) {
        long number = first + Objects.checkIndex(i, size);
        SampleRandom random = new SampleRandom(seed, 1, number / 10);
        int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        for (int k = 9; k > 0; k--) {
            int other = random.below(k + 1);
            int kept = order[k];
            order[k] = order[other];
            order[other] = kept;
        }
        return order[(int) (number % 10)];
    }

    @Override
    public void pixels(int i, float[] out) {
        byte[] grey = grey(i);
        for (int k = 0; k < grey.length; k++) {
            out[k] = (grey[k] & 0xFF) / 256f;
        }
    }

    /** The pixels of sample {@code i}, row by row, as unsigned bytes: 0 background, 255 ink. */
    public byte[] grey(int i) {
        int digit = label(i);
        SampleRandom random = new SampleRandom(seed, 2, first + i);
        Canvas canvas = new Canvas(SIDE, SIDE);
        Hand hand = Hand.random(random);
        for (Glyphs.Stroke stroke : Glyphs.strokes(digit, random.below(Glyphs.variants(digit)))) {
            canvas.stroke(hand.move(stroke.points(), random), stroke.smooth(), hand.radius());
        }
        return hand.develop(canvas.ink(), random);
    }
}
