package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;

/** The text of plan files, what is wrong with them, and several that write one. */
class PlanFileTest {
    private static final PlanFile.Machine MACHINE = new PlanFile.Machine("oneDNN 3.13.0, AVX-512", 2);
    private static final String HEAD = """
            # The fastest way to compute each convolution, in milliseconds, found by --tune.
            library oneDNN 3.13.0, AVX-512
            threads 2
            """;
    private static final String KEY = "forward+bias images 64x1x28x28 filters 20x1x5x5 output 64x20x24x24 stride 1x1 pad 0x0"
            + " dilation 1x1 groups 1";
    private static final String OTHER = "filter-gradient" + KEY.substring(KEY.indexOf('+'));

    @TempDir
    Path temp;

    private Path file() {
        return temp.resolve("plans.txt");
    }

    private PlanFile read(String text) throws IOException {
        Files.writeString(file(), text);
        return PlanFile.read(file(), MACHINE);
    }

    /** What is said about a text, after the file's name. */
    private String refused(String text) {
        String m = assertThrows(ConfigurationException.class, () -> read(text)).getMessage();
        assertEquals(file().toString(), m.substring(0, file().toString().length()));
        return m.substring(file().toString().length());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(temp)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theFastestWayIsWrittenAndReadAgain() throws IOException {
        PlanFile f = PlanFile.open(file(), MACHINE);
        assertEquals(HEAD, Files.readString(file()));
        PlanFile.Choice c = f.add(KEY, Map.of("columns", 0.9, "onednn", 0.2704));
        assertEquals("onednn", c.way());
        f.add(OTHER, Map.of("columns", 11.25, "onednn", 12.0, "winograd", 12.5));
        String text = HEAD + KEY + ": onednn (columns 0.900 ms, onednn 0.270 ms)\n"
                + OTHER + ": columns (columns 11.250 ms, onednn 12.000 ms, winograd 12.500 ms)\n";
        assertEquals(text, Files.readString(file()));
        PlanFile again = PlanFile.open(file(), MACHINE);
        assertEquals("onednn", again.choice(KEY).orElseThrow().way());
        assertEquals(Map.of("columns", 0.9, "onednn", 0.27), again.choice(KEY).orElseThrow().milliseconds());
        assertEquals(file() + ":5", again.place(again.choice(OTHER).orElseThrow()));
        assertEquals(text, Files.readString(file()), "reading writes nothing");
        assertEquals(List.of("plans.txt"), names(), "nothing lies beside it");
    }

    @Test
    void commentsBlankLinesAndChoicesWithoutTimesMayBeWrittenByHand() throws IOException {
        PlanFile f = read("# mine\r\n\r\n" + HEAD + "\n  " + KEY + ": winograd  \n");
        assertEquals(new PlanFile.Choice("winograd", Map.of(), 7), f.choice(KEY).orElseThrow());
        assertFalse(f.choice(OTHER).isPresent());
    }

    @Test
    void aFileOfAnotherMachineIsRefusedWithTheLine() {
        assertEquals(":2: made with library [oneDNN 3.13.0, AVX2], and this device has [oneDNN 3.13.0, AVX-512]; the times of"
                + " one say nothing about the other: give another file to --tune",
                refused(HEAD.replace("AVX-512", "AVX2")));
        assertEquals(":3: made with threads [1], and this device has [2]; the times of one say nothing about the other: give"
                + " another file to --tune", refused(HEAD.replace("threads 2", "threads 1")));
        assertEquals(":3: made with threads [], and this device has [2]; the times of one say nothing about the other: give"
                + " another file to --tune", refused(HEAD.replace("threads 2", "threads")));
        assertEquals(": there is no line [threads]; expected: a plan file that --tune has written",
                refused(HEAD.replace("threads 2\n", "")));
        assertEquals(": there is no line [library]; expected: a plan file that --tune has written", refused(""));
    }

    @Test
    void aLineThatIsNoneIsNamed() {
        String expected = "] is not a line of a plan file; expected: library, threads, or for example"
                + " [forward+bias images 64x1x28x28 filters 20x1x5x5 output 64x20x24x24 stride 1x1 pad 0x0 dilation 1x1"
                + " groups 1: onednn]";
        assertEquals(":4: [forward: onednn" + expected, refused(HEAD + "forward: onednn\n"));
        assertEquals(":5: [threads 2" + expected, refused(HEAD + KEY + ": onednn\nthreads 2\n"));
        assertEquals(":4: [" + KEY + expected, refused(HEAD + KEY));
        assertEquals(":4: there is no way [cudnn] to compute convolutions; expected one of [columns, direct, onednn, winograd]",
                refused(HEAD + KEY + ": cudnn"));
        assertEquals(":4: there is no way [mkl] to compute convolutions; expected one of [columns, direct, onednn, winograd]",
                refused(HEAD + KEY + ": onednn (mkl 1.000 ms)"));
        assertEquals(":4: [onednn 1 ms] is not a time; expected: for example [onednn 0.270 ms]",
                refused(HEAD + KEY + ": onednn (columns 1.000 ms, onednn 1 ms)"));
        assertEquals(":6: the same convolution as in line 4",
                refused(HEAD + KEY + ": onednn\n" + OTHER + ": onednn\n" + KEY + ": columns\n"));
    }

    @Test
    void aFileThatCannotBeReadOrMadeIsNamedWithTheReason() throws IOException {
        assertEquals("plans: there is no file " + file() + "; --tune " + file() + " makes it",
                assertThrows(ConfigurationException.class, () -> PlanFile.read(file(), MACHINE)).getMessage());
        Path nowhere = temp.resolve("no/plans.txt");
        assertEquals("the plan file " + nowhere + " cannot be written: no such folder",
                assertThrows(ConfigurationException.class, () -> PlanFile.open(nowhere, MACHINE)).getMessage());
        assertEquals("the plan file " + temp + " cannot be read: Is a directory",
                assertThrows(ConfigurationException.class, () -> PlanFile.open(temp, MACHINE)).getMessage());
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals("the plan file " + file() + " cannot be read: it is not text",
                assertThrows(ConfigurationException.class, () -> PlanFile.open(file(), MACHINE)).getMessage());
    }

    @Test
    void aFolderThatGoesAwayWhileTuningIsAnErrorOfTheDevice() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("there"));
        PlanFile f = PlanFile.open(folder.resolve("plans.txt"), MACHINE);
        Files.delete(folder.resolve("plans.txt"));
        Files.delete(folder);
        assertEquals("the plan file " + folder.resolve("plans.txt") + " cannot be written: no such folder",
                assertThrows(DeviceException.class, () -> f.add(KEY, Map.of("onednn", 1.0))).getMessage());
    }

    @Test
    void theFirstLineAboutAConvolutionStaysWhoeverWroteIt() throws IOException {
        PlanFile one = PlanFile.open(file(), MACHINE);
        PlanFile two = PlanFile.open(file(), MACHINE);
        assertEquals("columns", one.add(KEY, Map.of("columns", 1.0, "onednn", 2.0)).way());
        assertEquals("onednn", two.add(OTHER, Map.of("columns", 2.0, "onednn", 1.0)).way());
        assertEquals("columns", two.add(KEY, Map.of("columns", 2.0, "onednn", 1.0)).way());
        assertEquals(HEAD + KEY + ": columns (columns 1.000 ms, onednn 2.000 ms)\n"
                + OTHER + ": onednn (columns 2.000 ms, onednn 1.000 ms)\n", Files.readString(file()));
    }

    @Test
    void manyWritersLeaveAWholeFile() throws Exception {
        int writers = 4;
        CountDownLatch go = new CountDownLatch(writers);
        List<Thread> all = IntStream.range(0, writers).mapToObj(w -> new Thread(() -> {
            PlanFile f = PlanFile.open(file(), MACHINE);
            go.countDown();
            for (int i = 0; i < 25; i++) {
                f.add(KEY.replace("64x1x", (100 * w + i + 1) + "x1x"), Map.of("onednn", 1.0));
                PlanFile.read(file(), MACHINE);
            }
        })).toList();
        List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        all.forEach(t -> t.setUncaughtExceptionHandler((x, e) -> failures.add(e)));
        all.forEach(Thread::start);
        for (Thread t : all) {
            t.join();
        }
        assertEquals(List.of(), failures);
        PlanFile.read(file(), MACHINE);
        assertEquals(List.of("plans.txt"), names());
    }
}
