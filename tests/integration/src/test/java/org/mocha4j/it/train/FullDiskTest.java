package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.it.train.Saving.Stage;

/** A disk that fills up, a limit on the size of files, folders that cannot be written to: in a process of its own. */
class FullDiskTest {
    private static final int OUTPUTS = 40;
    @TempDir
    Path dir;
    private Path output;
    private Path copy;

    @BeforeEach
    void folders() throws IOException {
        output = Files.createDirectory(dir.resolve("output"));
        copy = dir.resolve("copy");
    }

    private List<String> saving(int inputs, int iterations) {
        return Child.command(output, inputs, OUTPUTS, iterations, 0, 0, Stage.NEVER);
    }

    private static boolean works(List<String> command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false;                                        // there is no such program here
        }
    }

    /** A shell's lines, then the command, in a place where file systems can be mounted. */
    private static List<String> mounting(String before, String after, List<String> command) throws Exception {
        List<String> shell = new ArrayList<>(List.of("unshare", "-r", "-m", "sh", "-c",
                before + " && { \"$@\"; code=$?; " + after + "; exit $code; }", "sh"));
        List<String> probe = new ArrayList<>(shell);
        probe.add("true");
        assumeTrue(works(probe), "skipped: no file system can be mounted here (unshare -r -m)");
        shell.addAll(command);
        return shell;
    }

    /** Iterations of the snapshots in a folder, all of them whole. */
    private static int whole(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        for (int i = 0; i < files.size(); i++) {
            assertEquals(String.format("snapshot-%06d.h5", i), files.get(i).getFileName().toString(), files.toString());
            TensorFile content = new Hdf5Format().read(files.get(i));
            assertEquals(Integer.toString(i), content.attributes().get("iteration"));
        }
        return files.size();
    }

    private String failure(List<String> command) throws Exception {
        try (Child c = Child.start(dir, command)) {
            String text = c.expect("FAILED ");
            assertEquals(1, c.end());
            return text;
        }
    }

    /** The disk is full after some snapshots, each time somewhere else in the one that does not fit. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1013, 1100, 1237})
    void aFullDiskEndsTheRunAndLeavesWholeSnapshots(int inputs) throws Exception {
        Path disk = output.resolve("s");
        String text = failure(mounting("mkdir -p '" + disk + "' && mount -t tmpfs -o size=2m tmpfs '" + disk + "'",
                "mkdir -p '" + copy + "' && cp '" + disk + "'/* '" + copy + "'", saving(inputs, 100)));
        int n = whole(copy);
        assertTrue(n > 1, n + " snapshots");
        Path last = disk.resolve(String.format("snapshot-%06d.h5", n - 1));
        Path next = disk.resolve(String.format("snapshot-%06d.h5", n));
        String expected = "cannot save snapshot " + next + ": No space left on device; it needs about B bytes and F are"
                + " free; earlier snapshots are untouched, the last good one is " + last;
        assertEquals(expected, text.replaceAll("about \\d+ bytes and \\d+ are", "about B bytes and F are"));
        long needed = Long.parseLong(text.replaceAll(".* about (\\d+) bytes .*", "$1"));
        long free = Long.parseLong(text.replaceAll(".* and (\\d+) are free.*", "$1"));
        assertTrue(needed >= 2L * 4 * inputs * OUTPUTS && needed < 2L * 4 * inputs * OUTPUTS + 5000, text);
        assertTrue(free < needed + 20_000, text);
    }

    @Test
    void aLimitOnTheSizeOfFilesIsAFailedSave() throws Exception {
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -f 200 && exec \"$@\"", "sh"));
        List<String> probe = new ArrayList<>(limited);
        probe.add("true");
        assumeTrue(works(probe), "skipped: no shell with ulimit -f");
        limited.addAll(saving(1000, 3));
        String text = failure(limited);
        assertTrue(text.startsWith("cannot save snapshot " + output.resolve("s/snapshot-000000.h5")
                + ": File too large; "),
                text);
        assertEquals(0, whole(output.resolve("s")));
    }

    @Test
    void aReadOnlyFolderIsFoundBeforeTheTraining() throws Exception {
        Path disk = output.resolve("s");
        assertEquals("Snapshot: folder " + disk + " cannot be written to: Read-only file system; name another folder",
                failure(mounting("mkdir -p '" + disk + "' && mount -t tmpfs -o ro tmpfs '" + disk + "'", ":",
                        saving(10, 100))));
    }

    @Test
    void aFolderWithoutPermissionIsFoundBeforeTheTraining() throws Exception {
        Path folder = Files.createDirectory(output.resolve("s"));
        assumeTrue(folder.toFile().setWritable(false) && !Files.isWritable(folder),
                "skipped: this user, or this system, may write anywhere");
        assertEquals("Snapshot: folder " + folder + " cannot be written to: " + folder.resolve("snapshot-probe.h5.tmp")
                + ": permission denied; name another folder", failure(saving(10, 100)));
    }

    @Test
    void aFileInTheWayIsFoundBeforeTheTraining() throws Exception {
        Files.delete(output);
        Files.writeString(output, "mine");
        String text = failure(saving(10, 100));
        assertEquals("Snapshot: folder " + output.resolve("s") + " cannot be made: " + output
                + " is a file; name another folder", text);
        assertEquals("mine", Files.readString(output));
    }

    /** What an output of so many rows of 1 KB says on a disk of 1 MB, and what is there then. */
    private Map<String, Path> written(int rows, List<String> said) throws Exception {
        Path disk = output.resolve("s");
        List<String> command = mounting("mkdir -p '" + disk + "' && mount -t tmpfs -o size=1m tmpfs '" + disk + "'",
                "mkdir -p '" + copy + "' && cp '" + disk + "'/* '" + copy + "'", Child.of(Writing.class, disk, rows));
        try (Child c = Child.start(dir, command)) {
            c.expect("END");
            assertEquals(1, c.end());
            said.addAll(c.lines);
        }
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(copy)) {
            all.forEach(f -> files.put(f.getFileName().toString().replaceAll("x\\.\\d+\\.", "x.N."), f));
        }
        said.replaceAll(l -> l.replaceAll("x\\.\\d+\\.rows", "x.N.rows").replace(disk + "/", ""));
        return files;
    }

    private static void assertRows(Path file, int rows) throws IOException {
        ByteBuffer raw = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Array expected = Writing.rows(rows);
        for (int i = 0; i < expected.elements(); i++) {
            assertEquals((float) expected.at(i), raw.getFloat(4 * i), "number " + i);
        }
    }

    /** Rows of 608 KB fit, but the file that is made of them does not fit beside them. */
    @Test
    void anOutputThatDoesNotFitOnTheDiskKeepsItsRows() throws Exception {
        List<String> said = new ArrayList<>();
        Map<String, Path> files = written(608, said);
        assertEquals(List.of("FAILED layer [out]: out.h5 cannot be written: No space left on device; the rows are "
                + "kept, "
                + "little-endian: out.h5.x.N.rows float32 [608, 256]", "END"), said);
        assertEquals(Set.of("out.h5.x.N.rows"), files.keySet());
        assertRows(files.get("out.h5.x.N.rows"), 608);
    }

    /** The disk is full before the rows end. */
    @Test
    void rowsThatFillTheDiskStayUpToTheLastWholeBatch() throws Exception {
        List<String> said = new ArrayList<>();
        Map<String, Path> files = written(1600, said);
        assertEquals(List.of("FAILED layer [out]: out.h5: out.h5.x.N.rows cannot be written to: No space left on "
                + "device; "
                + "the 1024 rows before stay there, or in the file if that can be written",
                "THEN layer [out]: out.h5 cannot be written: No space left on device; the rows are kept, "
                        + "little-endian: "
                + "out.h5.x.N.rows float32 [1024, 256]", "END"), said);
        assertEquals(Set.of("out.h5.x.N.rows"), files.keySet());
        assertRows(files.get("out.h5.x.N.rows"), 1024);
    }
}
