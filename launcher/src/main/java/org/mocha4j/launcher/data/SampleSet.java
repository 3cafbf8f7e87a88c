package org.mocha4j.launcher.data;

/**
 * A fixed number of labelled images that can be asked for in any order. Pixels are floats, row by row
 * (channel, row, column), scaled as the set's tutorial wants them: MNIST to [0, 1), CIFAR-10 0..255.
 */
public interface SampleSet {
    /** The shape of one sample. */
    record Dims(int channels, int height, int width) {
        public Dims {
            if (channels < 1 || height < 1 || width < 1) {
                throw new IllegalArgumentException("dimensions must be at least 1: " + channels + " x " + height
                        + " x " + width);
            }
        }

        /** Number of values of one sample. */
        public int volume() {
            return Math.multiplyExact(Math.multiplyExact(channels, height), width);
        }
    }

    /** Number of samples. */
    int size();

    /** The shape every sample has. */
    Dims dims();

    /**
     * Writes the pixels of sample {@code i} to the first {@code dims().volume()} elements of {@code out}.
     *
     * @throws IndexOutOfBoundsException if {@code i} is not in 0..size−1 or {@code out} is too short
     */
    void pixels(int i, float[] out);

    /** The class of sample {@code i}, 0..9. */
    int label(int i);
}
