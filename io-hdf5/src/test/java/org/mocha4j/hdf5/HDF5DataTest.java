package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Source;

class HDF5DataTest {
    @TempDir
    Path folder;

    /** Sample i has label i and the data 3i, 3i+1, 3i+2 as an image [1, 3, 1]; files of 4, 1 and 5 samples. */
    private HDF5Data three(boolean shuffle) throws IOException {
        write("a.h5", 0, 4);
        write("b.h5", 4, 1);
        write("c.h5", 5, 5);
        Files.writeString(folder.resolve("list.txt"), "a.h5\n\nb.h5\nc.h5\n");
        return new HDF5Data("list.txt", 3, null, shuffle, null);
    }

    private Path write(String name, int from, int n) {
        float[][][][] data = new float[n][1][3][1];
        float[] label = new float[n];
        for (int i = 0; i < n; i++) {
            label[i] = from + i;
            for (int k = 0; k < 3; k++) {
                data[i][0][k][0] = 3 * (from + i) + k;
            }
        }
        return write(name, data, label);
    }

    private Path write(String name, Object data, Object label) {
        Path file = folder.resolve(name);
        try (WritableHdfFile f = HdfFile.write(file)) {
            f.putDataset("data", data);
            if (label != null) {
                f.putDataset("label", label);
            }
        }
        return file;
    }

    private DataStream open(HDF5Data d, DataType type, int tops, long seed) {
        return d.open(new Source.Context("train", folder, type, Phase.TRAIN, seed, tops));
    }

    private static List<HostTensor> batch(DataStream s) {
        return s.specs().stream().map(HostTensor::allocate).toList();
    }

    /** The labels of the next batch; checks that the data belong to them. */
    private static List<Integer> labels(DataStream s) {
        List<HostTensor> b = batch(s);
        s.next(b);
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < b.get(1).elements(); i++) {
            labels.add((int) b.get(1).get(i));
            for (int k = 0; k < 3; k++) {
                assertEquals(3 * labels.get(i) + k, b.get(0).get(3 * i + k));
            }
        }
        return labels;
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT32", "FLOAT64"})
    void batchesMixFilesAndWrap(String type) throws IOException {
        try (DataStream s = open(three(false), DataType.valueOf(type), 2, 1)) {
            String t = type.toLowerCase(java.util.Locale.ROOT);
            assertEquals("[" + t + "[3, 1, 3, 1], " + t + "[3]]", s.specs().toString());
            assertEquals(10, s.size().getAsLong());
            assertEquals(List.of(0, 1, 2), labels(s));
            assertEquals(List.of(3, 4, 5), labels(s));
            assertEquals(List.of(6, 7, 8), labels(s));
            assertEquals(new Position(0, 9), s.position());
            assertEquals(List.of(9, 0, 1), labels(s));
            assertEquals(new Position(1, 2), s.position());
        }
    }

    @Test
    void theEpochRisesWhenTheLastRowIsTaken() throws IOException {
        try (DataStream s = open(new HDF5Data(three(false).source(), 10), DataType.FLOAT32, 2, 1)) {
            labels(s);
            assertEquals(new Position(1, 0), s.position());
        }
    }

    @Test
    void shufflingIsATruePermutationOfAllFilesNewEachEpochFromTheSeed() throws IOException {
        HDF5Data config = three(true);
        List<List<Integer>> first = epochs(config, 5);
        assertEquals(first, epochs(config, 5));
        assertNotEquals(first, epochs(config, 6));
        assertEquals(6, first.stream().distinct().count());
        List<Integer> all = IntStream.range(0, 10).boxed().toList();
        for (List<Integer> e : first) {
            assertEquals(all, e.stream().sorted().toList());
        }
    }

    private List<List<Integer>> epochs(HDF5Data config, long seed) {
        List<Integer> labels = new ArrayList<>();
        try (DataStream s = open(config, DataType.FLOAT32, 2, seed)) {
            while (labels.size() < 60) {
                labels.addAll(labels(s));
            }
        }
        return IntStream.range(0, 6).mapToObj(e -> List.copyOf(labels.subList(10 * e, 10 * e + 10))).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestoredStreamGoesOnIdentically(boolean shuffle) throws IOException {
        HDF5Data config = three(shuffle);
        try (DataStream a = open(config, DataType.FLOAT32, 2, 1); DataStream b = open(config, DataType.FLOAT32, 2, 1)) {
            for (int i = 0; i < 7; i++) {
                labels(a);
            }
            b.restore(a.position());
            for (int i = 0; i < 20; i++) {
                assertEquals(labels(a), labels(b));
                assertEquals(a.position(), b.position());
            }
            Position beyond = new Position(0, 10);
            assertEquals("cannot go on from " + beyond + ": there are 10 samples",
                    assertThrows(DataException.class, () -> b.restore(beyond)).getMessage());
        }
    }

    @Test
    void chunkedAndCompressedRows() {
        Path file = folder.resolve("chunked.h5");
        try (WritableHdfFile f = HdfFile.write(file)) {
            float[][] data = new float[11][3];
            int[] label = new int[11];
            for (int i = 0; i < 11; i++) {
                label[i] = i;
                for (int k = 0; k < 3; k++) {
                    data[i][k] = 3 * i + k;
                }
            }
            f.putDataset("data", data,
                    DatasetCreationOptions.builder().chunkDimensions(4, 2).shuffle().deflate().build());
            f.putDataset("label", label);
        }
        try (DataStream s = open(new HDF5Data("chunked.h5", 4, null, true, null), DataType.FLOAT32, 2, 1)) {
            List<Integer> labels = new ArrayList<>();
            while (labels.size() < 11) {
                labels.addAll(labels(s));
            }
            assertEquals(IntStream.range(0, 11).boxed().toList(), labels.subList(0, 11).stream().sorted().toList());
        }
    }

    @Test
    void aFileAloneAndNamedDataSets() throws IOException {
        write("a.h5", 0, 4);
        try (DataStream s = open(new HDF5Data("a.h5", 2), DataType.FLOAT32, 1, 1)) {
            assertEquals("[float32[2, 1, 3, 1]]", s.specs().toString());
        }
        try (DataStream s = open(new HDF5Data("a.h5", 2, List.of("label"), null, null), DataType.FLOAT32, 1, 1)) {
            assertEquals("[float32[2]]", s.specs().toString());
        }
        assertEquals("datasets is null; expected: the names of 3 data sets, one per top",
                assertThrows(ConfigurationException.class, () -> new HDF5Data("a", 1).names(3)).getMessage());
        assertEquals("datasets is [x]; expected: 2 names, one per top", assertThrows(ConfigurationException.class,
                () -> new HDF5Data("a", 1, List.of("x"), null, null).names(2)).getMessage());
    }

    @Test
    void moreFilesThanMayBeOpen() throws IOException {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            write("f" + i + ".h5", i, 1);
            list.append("f").append(i).append(".h5\n");
        }
        Files.writeString(folder.resolve("many.txt"), list);
        try (DataStream s = open(new HDF5Data("many.txt", 150, null, true, null), DataType.FLOAT32, 2, 1)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                assertEquals(IntStream.range(0, 150).boxed().toList(), labels(s).stream().sorted().toList());
            }
        }
    }

    @Test
    void valuesThatAreNotFiniteAreNamed() {
        Path file = write("nan.h5", new float[][] {{1, 2}, {3, 4}, {5, Float.NaN}}, new float[] {0, 1, 2});
        try (DataStream s = open(new HDF5Data("nan.h5", 3), DataType.FLOAT32, 2, 1)) {
            assertEquals(file + ": data set [data], row 2: found NaN; expected: finite numbers",
                    assertThrows(DataException.class, () -> s.next(batch(s))).getMessage());
        }
        Path large = write("inf.h5", new double[][] {{1}, {1e300}}, null);
        try (DataStream s = open(new HDF5Data("inf.h5", 1), DataType.FLOAT32, 1, 1)) {
            s.next(batch(s));
            assertEquals(large + ": data set [data], row 1: found Infinity; expected: finite numbers",
                    assertThrows(DataException.class, () -> s.next(batch(s))).getMessage());
        }
    }

    @Test
    void wrongFilesAreNamed() throws IOException {
        Path a = write("a.h5", 0, 4);
        Path none = folder.resolve("none.txt");
        assertOpen(none + " does not exist or is no file; expected: an HDF5 file, or a text file with one HDF5 file "
                + "per line", "none.txt");
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
        assertOpen(empty + " lists no file; expected: one HDF5 file per line", "empty.txt");
        Path list = Files.writeString(folder.resolve("list.txt"), "a.h5\nb.h5");
        assertOpen(list + " lists [b.h5], which does not exist; looked for " + folder.resolve("b.h5"), "list.txt");
        Path text = Files.writeString(folder.resolve("text.h5"), "hello");
        assertOpen(text + " is not an HDF5 file: it has 5 bytes and no HDF5 signature", "text.h5");
        Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertOpen(binary + " is neither an HDF5 file nor a text file that lists such files", "binary.txt");
        byte[] all = Files.readAllBytes(a);
        Path cut = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(all, all.length - 7));
        assertOpen(cut + " is truncated: found " + (all.length - 7) + " bytes; expected: " + all.length, "cut.h5");
    }

    @Test
    void wrongDataSetsAreNamed() throws IOException {
        Path a = write("a.h5", 0, 4);
        Path only = write("only.h5", new float[2][3], null);
        assertOpen(only + " has no data set [label]; it has [data]", "only.h5");
        Path counts = write("counts.h5", new float[3][2], new float[2]);
        assertOpen(counts + ": data set [label]: found 2 rows; expected: 3, as [data] has", "counts.h5");
        Path other = write("other.h5", new float[2][1][2][1], new float[2]);
        Files.writeString(folder.resolve("list.txt"), "a.h5\nother.h5");
        assertOpen(other + ": data set [data]: found rows of [1, 2, 1]; expected: [1, 3, 1], as in " + a, "list.txt");
    }

    private void assertOpen(String text, String source) {
        assertEquals(text, assertThrows(DataException.class,
                () -> open(new HDF5Data(source, 1), DataType.FLOAT32, 2, 1)).getMessage());
    }

    /** A hundred batches after warming up, shuffled and not: at most a kilobyte in all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSteadyStateAllocatesNothing(boolean shuffle) throws IOException {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        try (DataStream s = open(three(shuffle), DataType.FLOAT32, 2, 1)) {
            List<HostTensor> b = batch(s);
            for (int i = 0; i < 20_000; i++) {
                s.next(b);
            }
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100; i++) {
                    s.next(b);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least <= 1024, least + " bytes in 100 batches");
        }
    }

    /** A data set beyond 2 GiB, sparse on disk: only its last row is written. */
    @Test
    void rowsBeyondTwoGibibytes() throws Exception {
        String python = H5py.python();
        org.junit.jupiter.api.Assumptions.assumeTrue(python != null, "skipped: no python3 with h5py");
        H5py.run(python, "import h5py, sys\nwith h5py.File(sys.argv[1], 'w') as f:\n"
                + "    d = f.create_dataset('data', (700, 1000000), 'f4'); d[699, -2:] = [1, 2]",
                folder.resolve("large.h5").toString());
        try (DataStream s = open(new HDF5Data("large.h5", 1), DataType.FLOAT32, 1, 1)) {
            s.restore(new Position(0, 699));
            List<HostTensor> b = batch(s);
            s.next(b);
            assertEquals(List.of(0f, 1f, 2f), List.of(b.get(0).floats()[0], b.get(0).floats()[999_998],
                    b.get(0).floats()[999_999]));
        }
    }
}
