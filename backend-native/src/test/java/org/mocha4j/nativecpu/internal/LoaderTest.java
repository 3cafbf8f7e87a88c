package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.DeviceException;
import org.mocha4j.nativecpu.internal.install.Bundled;
import org.mocha4j.nativecpu.internal.install.Installer;
import org.mocha4j.nativecpu.internal.install.Machine;

/** The libraries that were built, loaded in this process and in others. */
class LoaderTest {
    @TempDir
    Path temp;

    private static void requireBuilt() {
        String missing = Probe.missing();
        assumeTrue(missing == null, "skipped: " + missing);
    }

    private static Loader loader(Map<String, String> more) {
        UnaryOperator<String> properties = name -> more.getOrDefault(name, System.getProperty(name));
        return new Loader(Machine.current(properties, System.getenv()), Loader.class::getResourceAsStream, properties);
    }

    private Loader in(Path folder) {
        return loader(Map.of(Machine.FOLDER, folder.toString()));
    }

    private static String refusal(Loader l) {
        return assertThrows(DeviceException.class, l::load).getMessage();
    }

    // --- levels -----------------------------------------------------------------------------------------------------

    @Test
    void aProcessorWithoutAvx2() {
        assertEquals("native: the libraries for linux-x86_64 need a processor with AVX2 and FMA (x86-64-v3), and"
                + " this one has no such instructions, or the system does not switch them on; use the backend cpu",
                levelRefused(Map.of(), 2, 3, 4));
    }

    @Test
    void theHighestLevelOfTheProcessorAndTheBundleUnlessALowerOneIsNamed() {
        assertEquals(3, level(Map.of(), 3, 3, 4));
        assertEquals(4, level(Map.of(), 4, 3, 4));
        assertEquals(3, level(Map.of(), 4, 3));
        assertEquals(4, level(Map.of(), 4, 4));
        assertEquals(3, level(Map.of(Loader.LEVEL, "3"), 4, 3, 4));
        assertEquals("native: mocha.native.level is [4], expected one of [3]",
                levelRefused(Map.of(Loader.LEVEL, "4"), 3, 3, 4));
        assertEquals("native: mocha.native.level is [5], expected one of [3, 4]",
                levelRefused(Map.of(Loader.LEVEL, "5"), 4, 3, 4));
        assertEquals("native: this bundle was built for the processor of another machine alone, with AVX-512, which"
                + " this one does not have; build it with -Dnative.target=all, or use the backend"
                + " cpu", levelRefused(Map.of(), 3, 4));
    }

    private static int level(Map<String, String> properties, int processor, int... built) {
        Map<String, String> linux = new HashMap<>(Map.of("os.name", "Linux", "os.arch", "amd64"));
        linux.putAll(properties);
        List<Bundled.Entry> entries = IntStream.of(built)
                .mapToObj(i -> new Bundled.Entry("libmocha4j-v" + i + ".so", 1, "0".repeat(64))).toList();
        return loader(linux).level(processor, new Bundled("linux-x86_64", entries, name -> null));
    }

    private static String levelRefused(Map<String, String> properties, int processor, int... built) {
        return assertThrows(DeviceException.class, () -> level(properties, processor, built)).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "4"})
    void eachLevelLoads(String level) throws Exception {
        requireBuilt();
        String said = Probe.said(Probe.start(Probe.command(temp, "-D" + Loader.LEVEL + "=" + level)));
        assumeTrue(!said.contains("mocha.native.level is"), "skipped: " + said);
        assertTrue(said.startsWith("oneDNN "), said);
        try (var files = Files.walk(temp)) {
            assertEquals(1, files.filter(f -> f.getFileName().toString().startsWith("libmocha4j-v" + level)).count());
        }
    }

    // --- more than one ----------------------------------------------------------------------------------------------

    @Test
    void twoProcessesAtOnce() throws Exception {
        requireBuilt();
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            all.add(Probe.start(Probe.command(temp.resolve("native"))));
        }
        for (Process p : all) {
            String said = Probe.said(p);
            assertTrue(said.startsWith("oneDNN "), said);
        }
    }

    @Test
    void aSecondClassLoaderAndOneAfterTheFirstHasGone() throws Exception {
        requireBuilt();
        String here = Library.load().description();
        WeakReference<ClassLoader> first = new WeakReference<>(inAnotherLoader(here));
        for (int i = 0; i < 50 && first.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        inAnotherLoader(here);
        long device = Calls.mocha_device(1);                  // what is loaded here is still there
        assertTrue(device != 0, Calls.mocha_error());
        Calls.mocha_device_close(device);
    }

    private static ClassLoader inAnotherLoader(String expected) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            Object backend = loader.loadClass(NativeBackend.class.getName()).getConstructor().newInstance();
            Object availability = backend.getClass().getMethod("probe").invoke(backend);
            assertEquals(expected, availability.getClass().getMethod("detail").invoke(availability));
            return loader;
        }
    }

    // --- what can be wrong ------------------------------------------------------------------------------------------

    @Test
    void aPlatformWithoutLibraries() {
        assertEquals("native: there are no libraries for linux-arm64, only for linux-x86_64; use the backend cpu",
                refusal(loader(Map.of("os.name", "Linux", "os.arch", "aarch64"))));
    }

    private Path installed() {
        Machine m = in(temp).machine();
        try (Installer i = new Installer(Bundled.of(m.platform(), Loader.class::getResourceAsStream), m)) {
            return i.install("libmocha4j-v3.so", true).toAbsolutePath();
        }
    }

    private static String named(Path library) {
        return refusal(loader(Map.of(Loader.LIBRARY, library.toString())));
    }

    private Path changed(Path library, String name, String from, String to) throws IOException {
        String bytes = Files.readString(library, StandardCharsets.ISO_8859_1);
        return Files.writeString(library.resolveSibling(name), bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aLibraryThatItNeedsIsMissing() throws IOException {
        requireBuilt();
        Path needy = changed(installed(), "needy.so", "libgomp.so.1\0", "libgomq.so.9\0");
        assertEquals("native: needy.so for linux-x86_64 cannot be loaded from " + needy.getParent()
                + ": it needs libgomq.so.9, which is not there; install the package that has it, or use the backend"
                + " cpu", named(needy));
    }

    @Test
    void aFunctionThatItNeedsIsMissing() throws IOException {
        requireBuilt();
        Path needy = changed(installed(), "needy.so", "omp_set_num_threads\0", "omp_set_num_threadx\0");
        assertEquals("native: needy.so for linux-x86_64 cannot be loaded from " + needy.getParent()
                + ": nothing here has omp_set_num_threadx, since another version of a library that it needs is in use in"
                + " this process; start a new process without the other one", named(needy));
    }

    @Test
    void aFileThatIsNoLibrary() throws IOException {
        requireBuilt();
        Path text = Files.writeString(temp.resolve("text.so"), "hello".repeat(2000));
        assertEquals("native: text.so for linux-x86_64 cannot be loaded from " + temp
                + ": the file is damaged: invalid ELF header; remove its folder; it is unpacked again", named(text));
        Files.writeString(text, "");
        assertEquals("native: text.so for linux-x86_64 cannot be loaded from " + temp
                + ": the file is damaged: file too short; remove its folder; it is unpacked again", named(text));
    }

    @Test
    void aLibraryOfSomethingElse() {
        requireBuilt();
        Path openblas = installed().resolveSibling("libopenblas.so.0");
        assertEquals("native: " + openblas + " has no function mocha_version, so it is not a library of this"
                + " backend; build it from the same sources as the bundle", named(openblas));
    }

    @Test
    void noFolderForTheLibraryOfJna() throws Exception {
        requireBuilt();
        Path file = Files.writeString(temp.resolve("file"), "");
        String said = Probe.said(Probe.start(Probe.command(temp, "-Djna.tmpdir=" + file)));
        assertEquals("native: JNA, through which the libraries are called, cannot be used on linux-x86_64: Failed"
                + " to create temporary file for /com/sun/jna/linux-x86-64/libjnidispatch.so library: Not a directory;"
                + " -Djna.tmpdir=FOLDER names a folder that JNA can write to and run code from", said);
    }

    /** A command in a place where a file system is mounted on a folder. */
    private static String mounted(Path on, String options, List<String> command) throws Exception {
        List<String> shell = new ArrayList<>(List.of("unshare", "-r", "-m", "sh", "-c",
                "mount -t tmpfs -o " + options + " tmpfs " + on + " && exec \"$@\"", "sh"));
        List<String> probe = new ArrayList<>(shell);
        probe.add("true");
        assumeTrue(works(probe), "skipped: no file system can be mounted here (unshare -r -m)");
        shell.addAll(command);
        return Probe.said(Probe.start(shell));
    }

    private static boolean works(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false;                                        // there is no such program here
        }
    }

    @Test
    void aFileSystemWithoutExecution() throws Exception {
        requireBuilt();
        Path on = Files.createDirectory(temp.resolve("noexec"));
        String said = mounted(on, "noexec,mode=700", Probe.command(on));
        assertTrue(said.matches("native: libmocha4j-probe-[0-9a-f]{16}\\.so for linux-x86_64 cannot be loaded from "
                + on
                + "/linux-x86_64-[0-9a-f]{32}: its file system is mounted noexec; name a folder elsewhere with"
                + " -Dmocha\\.native\\.folder=FOLDER"), said);
    }

    @Test
    void aFullFileSystemAndOneThatIsReadOnly() throws Exception {
        requireBuilt();
        Path on = Files.createDirectory(temp.resolve("small"));
        String remedy = "; name a folder that can be written to with -Dmocha.native.folder=FOLDER";
        assertEquals("native: the libraries (135 MB, linux-x86_64) cannot be written to " + on
                + ": No space left on device"
                + remedy, mounted(on, "size=10m,mode=700", Probe.command(on)).replaceFirst("\\(\\d+ MB", "(135 MB"));
        assertEquals("native: the libraries (135 MB, linux-x86_64) cannot be written to " + on
                + ": Read-only file system"
                + remedy, mounted(on, "ro,mode=700", Probe.command(on)).replaceFirst("\\(\\d+ MB", "(135 MB"));
    }
}
