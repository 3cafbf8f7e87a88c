package org.mocha4j.gputest;

import java.util.SplittableRandom;
import org.mocha4j.launcher.data.SampleSet;

/**
 * Images in the form of CIFAR-10's that need no download: the class is the direction and width of coloured waves, under
 * noise.
 *
 * @param first number of the first sample, so that sets differ
 */
record Patterns(int first, int size) implements SampleSet {
    private static final Dims DIMS = new Dims(3, 32, 32);
    private static final int CLASSES = 10;
    private static final double NOISE = 40;

    @Override
    public Dims dims() {
        return DIMS;
    }

    @Override
    public int label(int i) {
        return (first + i) % CLASSES;
    }

    @Override
    public void pixels(int i, float[] out) {
        SplittableRandom random = new SplittableRandom(first + i);
        double angle = Math.PI * (label(i) % 5) / 5;
        double waves = label(i) < 5 ? 0.4 : 0.9;
        double start = random.nextDouble(2 * Math.PI);
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 32; x++) {
                    double wave = Math.sin(start + c + waves * (x * Math.cos(angle) + y * Math.sin(angle)));
                    double v = 128 + 60 * wave + random.nextDouble(-NOISE, NOISE);
                    out[(c * 32 + y) * 32 + x] = (float) Math.rint(Math.max(0, Math.min(255, v)));
                }
            }
        }
    }

    /** The mean image. */
    float[] mean() {
        double[] sum = new double[DIMS.volume()];
        float[] sample = new float[DIMS.volume()];
        for (int i = 0; i < size; i++) {
            pixels(i, sample);
            for (int k = 0; k < sum.length; k++) {
                sum[k] += sample[k];
            }
        }
        for (int k = 0; k < sum.length; k++) {
            sample[k] = (float) (sum[k] / size);
        }
        return sample;
    }
}
