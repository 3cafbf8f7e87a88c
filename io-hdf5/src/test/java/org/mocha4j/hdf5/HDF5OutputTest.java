package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;

class HDF5OutputTest {
    private static final int BATCH = 4;
    @TempDir
    Path folder;

    private Sink.Writer open(HDF5Output out, DataType type, String... blobs) {
        return out.open(new Sink.Context("out", folder, List.of(blobs),
                Stream.of(blobs).map(b -> spec(type, b)).toList()));
    }

    private static Spec spec(DataType type, String blob) {
        return blob.equals("loss") ? Spec.of(type) : Spec.of(type, BATCH, 2, 3);
    }

    /** Element i of batch b is 100 b + i, plus 0.1. */
    private static List<HostTensor> batch(DataType type, int b, String... blobs) {
        return Stream.of(blobs).map(name -> {
            HostTensor t = HostTensor.allocate(spec(type, name));
            for (int i = 0; i < t.elements(); i++) {
                t.set(i, 100 * b + i + 0.1);
            }
            return t;
        }).toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    /** Three batches, of the last one the first sample only. */
    private void write(HDF5Output out, DataType type, String... blobs) {
        try (Sink.Writer w = open(out, type, blobs)) {
            w.write(batch(type, 0, blobs), BATCH);
            w.write(batch(type, 1, blobs), BATCH);
            w.write(batch(type, 2, blobs), 1);
        }
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void dataSetsGrowByTheValidSamplesOfEachBatch(DataType type) throws IOException {
        write(new HDF5Output("out.h5"), type, "a/features", "loss", "b");
        TensorFile file = new Hdf5Format().read(folder.resolve("out.h5"));
        assertEquals(List.of("a/features", "b", "loss"), List.copyOf(file.tensors().keySet()));
        for (String name : List.of("a/features", "b")) {
            Array all = file.tensors().get(name);
            assertEquals(Spec.of(type, 9, 2, 3), all.spec());
            HostTensor expected = HostTensor.allocate(Spec.of(type, 1));
            for (int i = 0; i < 9 * 6; i++) {
                expected.set(0, 100 * (i / 24) + i % 24 + 0.1);
                assertEquals(expected.get(0), all.at(i));
            }
        }
        assertEquals(Spec.of(type, 3), file.tensors().get("loss").spec());
        assertEquals(Map.of(), file.attributes());
        assertEquals(List.of("out.h5"), files());
    }

    @Test
    void namesAreThoseOfTheBlobsOrOthers() {
        write(new HDF5Output("deep/er/out.h5", List.of("data", "label"), null), DataType.FLOAT32, "x", "loss");
        try (DataStream s = new HDF5Data("deep/er/out.h5", 9, List.of("data"), null, null)
                .open(new Source.Context("data", folder, DataType.FLOAT32, Phase.TEST, 1, 1))) {
            HostTensor t = HostTensor.allocate(s.specs().get(0));
            s.next(List.of(t));
            assertEquals("[9, 2, 3]", t.shape().toString());
            assertEquals(205.1f, t.floats()[53]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void h5pyReadsTheSameNumbers(String type) throws Exception {
        String python = H5py.python();
        assumeTrue(python != null, "skipped: no python3 with h5py");
        write(new HDF5Output("out.h5"), DataType.valueOf(type.toUpperCase(Locale.ROOT)), "group/x", "loss");
        assertEquals(type + " (9, 2, 3) None " + type + " (3,) True True ['group', 'loss']",
                H5py.run(python, """
                import sys, h5py, numpy as np
                with h5py.File(sys.argv[1], "r") as f:
                    x, loss = f["group/x"], f["loss"]
                    expected = np.array([100 * (i // 24) + i % 24 + 0.1 for i in range(54)], x.dtype).reshape(9, 2, 3)
                    print(x.dtype, x.shape, x.chunks, loss.dtype, loss.shape, (x[:] == expected).all(),
                          (loss[:] == np.array([0.1, 100.1, 200.1], x.dtype)).all(), sorted(f.keys()))
                """, folder.resolve("out.h5").toString()));
    }

    @Test
    void anExistingFileIsRefusedBeforeAnythingIsComputed() throws IOException {
        Files.writeString(folder.resolve("out.h5"), "mine");
        assertMessage("layer [out]: out.h5 exists; name another file, move it away, or have it replaced with "
                + "forceOverwrite: true", () -> open(new HDF5Output("out.h5"), DataType.FLOAT32, "x"));
        assertEquals("mine", Files.readString(folder.resolve("out.h5")));
        assertEquals(List.of("out.h5"), files());
    }

    @Test
    void forceOverwriteReplacesWithAWarningWhenThereIsAnother() throws IOException {
        Files.writeString(folder.resolve("out.h5"), "mine");
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        HDF5Output out = new HDF5Output("out.h5", null, true);
        try (Sink.Writer w = open(out, DataType.FLOAT32, "x")) {
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("WARN org.mocha4j.hdf5.HDF5Writer - layer [out]: "
                    + "out.h5 exists and will be replaced"), log.toString());
            w.write(batch(DataType.FLOAT32, 0, "x"), BATCH);
            assertEquals("mine", Files.readString(folder.resolve("out.h5")));
        } finally {
            System.setErr(before);
        }
        assertEquals(1, new Hdf5Format().read(folder.resolve("out.h5")).tensors().size());
        assertEquals(List.of("out.h5"), files());
    }

    @Test
    void aRunThatFailsKeepsItsBatchesAndOneWithoutBatchesWritesNothing() throws IOException {
        try (Sink.Writer w = open(new HDF5Output("none.h5"), DataType.FLOAT32, "x")) {
            assertEquals(1, files().size());
        }
        assertEquals(List.of(), files());
        Files.writeString(folder.resolve("old.h5"), "mine");
        open(new HDF5Output("old.h5", null, true), DataType.FLOAT32, "x").close();
        assertEquals("mine", Files.readString(folder.resolve("old.h5")));
        assertThrows(IllegalStateException.class, () -> {
            try (Sink.Writer w = open(new HDF5Output("some.h5"), DataType.FLOAT32, "x")) {
                w.write(batch(DataType.FLOAT32, 0, "x"), BATCH);
                throw new IllegalStateException("a bad batch follows");
            }
        });
        assertEquals(BATCH, new Hdf5Format().read(folder.resolve("some.h5")).tensors().get("x").shape().dim(0));
        Sink.Writer twice = open(new HDF5Output("twice.h5"), DataType.FLOAT32, "x");
        twice.write(batch(DataType.FLOAT32, 0, "x"), BATCH);
        twice.close();
        twice.close();
        assertEquals(List.of("old.h5", "some.h5", "twice.h5"), files());
    }

    @Test
    void rowsAreKeptWhereTheFileCannotBeMade() throws IOException {
        Sink.Writer w = open(new HDF5Output("out.h5"), DataType.FLOAT32, "x", "group/y");
        w.write(batch(DataType.FLOAT32, 0, "x", "y"), 3);
        Files.writeString(folder.resolve("out.h5"), "another's");
        String message = assertThrows(DataException.class, w::close).getMessage();
        List<Path> rows = files().stream().filter(f -> f.endsWith(".rows")).map(folder::resolve).toList();
        assertEquals("layer [out]: out.h5 cannot be written: " + folder.resolve("out.h5") + " exists; the rows are "
                + "kept, little-endian: " + rows.get(1) + " float32 [3, 2, 3], " + rows.get(0) + " float32 [3, 2, 3]",
                message);
        assertEquals("another's", Files.readString(folder.resolve("out.h5")));
        assertEquals(3, files().size(), () -> message);
        byte[] raw = Files.readAllBytes(rows.get(1));
        assertEquals(18 * 4, raw.length);
        assertEquals(1.1f, java.nio.ByteBuffer.wrap(raw).order(java.nio.ByteOrder.LITTLE_ENDIAN).getFloat(4));
    }

    /** 64 MB in batches of 1 MB. */
    @Test
    void memoryDoesNotGrowWithTheData() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Spec spec = Spec.of(DataType.FLOAT32, 256, 1024);
        HostTensor t = HostTensor.allocate(spec);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        Sink.Context c = new Sink.Context("out", folder, List.of("x"), List.of(spec));
        try (Sink.Writer w = new HDF5Output("large.h5").open(c)) {
            for (int b = 0; b < 64; b++) {
                t.floats()[0] = b;
                w.write(List.of(t), 256);
            }
        }
        long used = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(used < 4_000_000, used + " bytes");
        try (H5File f = H5File.open(folder.resolve("large.h5"))) {
            float[] row = new float[1024];
            for (int b = 0; b < 64; b++) {
                f.rows("x").read(256L * b, 1, row, 0);
                assertEquals(b, row[0]);
            }
        }
    }

    @Test
    void wrongFieldsAreNamed() throws IOException {
        assertMessage("filename is null; expected: a file", () -> new HDF5Output(null));
        assertMessage("datasets is [a, a]; expected: a different name for each bottom",
                () -> new HDF5Output("x", List.of("a", "a"), null));
        assertMessage("datasets is [a/]; expected: names such as prob or layer/prob",
                () -> new HDF5Output("x", List.of("a/"), null));
        assertMessage("datasets is [a, a/b]; expected: no name that is the group of another",
                () -> new HDF5Output("x", List.of("a", "a/b"), null));
        assertMessage("datasets is [y, y]; expected: a different name for each bottom",
                () -> open(new HDF5Output("x"), DataType.FLOAT32, "y", "y"));
        Files.createDirectory(folder.resolve("results"));
        Files.writeString(folder.resolve("file"), "mine");
        assertMessage("layer [out]: results is a folder; name a file",
                () -> open(new HDF5Output("results", null, true), DataType.FLOAT32, "y"));
        assertMessage("layer [out]: file/out.h5 cannot be made: " + folder.resolve("file")
                + " exists; name another file", () -> open(new HDF5Output("file/out.h5"), DataType.FLOAT32, "y"));
        assertEquals(List.of("file", "results"), files());
        assertArrayEquals("mine".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(folder.resolve("file")));
        assertFalse(new HDF5Output("x").forceOverwrite());
    }

    private static void assertMessage(String text, Executable e) {
        assertEquals(text, assertThrows(ConfigurationException.class, e).getMessage());
    }
}
