package org.mocha4j.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.DrawnDigits;
import org.mocha4j.launcher.data.SampleSet;

/**
 * The files that nets on the pages name, so that these can be planned: {@code data} as {@code mocha data mnist} leaves
 * it, {@code cifar10} as {@code mocha data cifar10} does, with few samples; the mean is in both.
 */
final class DocsData {
    private DocsData() {
    }

    static void write(Path root) throws IOException {
        SampleSet digits = new DrawnDigits(1, 0, 200);
        DataWriter.write(digits, digits, root.resolve("data"));
        DataWriter.mean(new float[28 * 28], digits.dims(), root.resolve("data"));
        SampleSet colours = new Colours();
        DataWriter.write(colours, colours, root.resolve("cifar10"));
        DataWriter.mean(new float[3 * 32 * 32], colours.dims(), root.resolve("cifar10"));
        Files.createDirectories(root.resolve("snapshots"));
    }

    /** Images of one colour each. */
    private static final class Colours implements SampleSet {
        @Override public int size() {
            return 100;
        }

        @Override public Dims dims() {
            return new Dims(3, 32, 32);
        }

        @Override public void pixels(int i, float[] out) {
            java.util.Arrays.fill(out, 0, dims().volume(), i);
        }

        @Override public int label(int i) {
            return i % 10;
        }
    }
}
