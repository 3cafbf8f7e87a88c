package org.mocha4j.launcher.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ShapeException;

class DataWriterTest {
    @TempDir
    Path temp;

    private static void assertHolds(SampleSet samples, Path path) {
        try (HdfFile file = new HdfFile(path)) {
            assertEquals(List.of("data", "label"), file.getChildren().keySet().stream().sorted().toList());
            Dataset data = file.getDatasetByPath("data");
            assertEquals(float.class, data.getJavaType());
            assertEquals(true, data instanceof ContiguousDataset);
            assertArrayEquals(new int[] {samples.size(), 1, 28, 28}, data.getDimensions());
            float[] flat = (float[]) data.getDataFlat();
            float[] labels = (float[]) file.getDatasetByPath("label").getData();
            assertEquals(samples.size(), labels.length);
            float[] pixels = new float[784];
            for (int i = 0; i < samples.size(); i++) {
                samples.pixels(i, pixels);
                assertArrayEquals(pixels, Arrays.copyOfRange(flat, 784 * i, 784 * i + 784));
                assertEquals(samples.label(i), labels[i]);
            }
        }
    }

    @Test
    void writesWhatItWasGivenAndListsIt() throws IOException {
        Path folder = temp.resolve("a/b");
        DataWriter.write(new DrawnDigits(1, 0, 30), new DrawnDigits(1, 1000, 10), folder);
        assertHolds(new DrawnDigits(1, 0, 30), folder.resolve("train.hdf5"));
        assertHolds(new DrawnDigits(1, 1000, 10), folder.resolve("test.hdf5"));
        assertEquals(List.of("train.hdf5"), Files.readAllLines(folder.resolve("train.txt")));
        assertEquals(List.of("test.hdf5"), Files.readAllLines(folder.resolve("test.txt")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void replacesALongerFileWhole() throws IOException {
        DataWriter.write(new DrawnDigits(1, 0, 50), new DrawnDigits(1, 1000, 10), temp);
        DataWriter.write(new DrawnDigits(2, 0, 5), new DrawnDigits(2, 1000, 5), temp);
        assertHolds(new DrawnDigits(2, 0, 5), temp.resolve("train.hdf5"));
        assertEquals(Files.size(temp.resolve("test.hdf5")), Files.size(temp.resolve("train.hdf5")));
    }

    @Test
    void leavesNothingBehindWhenASampleCannotBeHad() throws IOException {
        SampleSet broken = new SampleSet() {
            @Override public int size() {
                return 3;
            }

            @Override public Dims dims() {
                return new Dims(1, 28, 28);
            }

            @Override public void pixels(int i, float[] out) {
                throw new IllegalStateException("no sample " + i);
            }

            @Override public int label(int i) {
                return 0;
            }
        };
        assertThrows(IllegalStateException.class, () -> DataWriter.write(broken, new DrawnDigits(1, 0, 5), temp));
        try (Stream<Path> files = Files.list(temp)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void bothSetsMustHaveTheSameShape() throws IOException {
        Files.write(temp.resolve("t10k-images-idx3-ubyte"), IdxBytes.of(4, 2051, 1, 2, 2));
        Files.write(temp.resolve("t10k-labels-idx1-ubyte"), IdxBytes.of(1, 2049, 1));
        SampleSet small = MnistData.test(temp);
        assertEquals("training samples are Dims[channels=1, height=28, width=28], test samples Dims[channels=1, "
                + "height=2, width=2]; expected the same",
                assertThrows(ShapeException.class,
                        () -> DataWriter.write(new DrawnDigits(1, 0, 5), small, temp)).getMessage());
    }
}
