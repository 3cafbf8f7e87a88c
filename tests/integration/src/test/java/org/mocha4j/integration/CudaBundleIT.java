package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JCuda in its bundle: packed, unpacked and loaded in OSGi, on the class path and on the module path. Libraries that stand
 * in for CUDA's say that there is a device, so that the real ones of JCuda are loaded and called.
 */
class CudaBundleIT {
    private static final String USABLE = "Stand-in, driver for CUDA 12.6, NVRTC 12.6, cuBLAS 12.6.4, cuDNN 9.5.1";
    @TempDir static Path temp;
    private static Path cuda;

    @BeforeAll static void compile() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
            "JCuda's libraries are for Linux on x86-64");
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(p -> Files.isExecutable(
            Path.of(p, "gcc"))), "no gcc");
        assumeTrue(entries().stream().anyMatch(e -> e.endsWith(".so")), "built with -Dcuda.natives.skip=true");
        cuda = Files.createDirectory(temp.resolve("cuda"));
        Path source = cuda.resolve("standin.c");
        try (var in = CudaBundleIT.class.getResourceAsStream("cuda_standin.c")) {
            Files.copy(in, source);
        }
        library(source, "DRIVER", "libcuda.so.1");
        library(source, "NVRTC", "libnvrtc.so.12");
        library(source, "CUBLAS", "libcublas.so.12");
        library(source, "CUDNN", "libcudnn.so.9");
    }

    private static void library(Path source, String part, String name) throws Exception {
        Process p = new ProcessBuilder("gcc", "-shared", "-fPIC", "-D" + part, "-Wl,-soname," + name, "-o",
            cuda.resolve(name).toString(), source.toString()).inheritIO().start();
        assertEquals(0, p.waitFor(), name);
    }

    private static List<String> entries() throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile jar = new JarFile(Distribution.bundle("mocha4j-cuda").toFile())) {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements();) {
                names.add(all.nextElement().getName());
            }
        }
        return names;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static MochaRun mocha(Path place, String... args) throws Exception {
        Files.createDirectories(place.resolve("tmp"));
        return MochaRun.of(Distribution.HOME, Map.of("LD_LIBRARY_PATH", cuda.toString(), "XDG_CACHE_HOME",
            place.resolve("cache").toString(), "MOCHA_OPTS", "-Djava.io.tmpdir=" + place.resolve("tmp")
            + " -Djna.tmpdir=" + temp), args);
    }

    @Test void theBundleHoldsWhatItUsesOfJCuda() throws Exception {
        List<String> entries = entries();
        assertEquals(List.of("META-INF/native/linux-x86_64/libJCudaDriver-12.6.0-linux-x86_64.so",
            "META-INF/native/linux-x86_64/libJCudnn-12.6.0-linux-x86_64.so"), entries.stream()
            .filter(e -> e.endsWith(".so")).sorted().toList());
        assertTrue(entries.containsAll(List.of("jcuda/LibUtils.class", "jcuda/driver/JCudaDriver.class",
            "jcuda/jcudnn/JCudnn.class", "META-INF/licenses/NOTICE.txt")), entries.toString());
        assertFalse(entries.stream().anyMatch(e -> e.startsWith("jcuda/nvrtc/")), "through JNA instead");
        assertTrue(Files.size(Distribution.bundle("mocha4j-cuda")) < 2_000_000);
    }

    @Test void inOsgiLibrariesAreKeptInThePrivateFolder() throws Exception {
        Path place = temp.resolve("osgi");
        MochaRun doctor = mocha(place, "doctor");
        assertTrue(doctor.out().contains("\n  cuda                   usable: " + USABLE + "\n"), doctor.out());
        List<String> kept = list(place.resolve("cache/mocha4j/cuda")).stream().map(f -> f.getFileName().toString())
            .toList();
        assertEquals(2, kept.size(), kept.toString());
        assertTrue(kept.get(0).matches("libJCudaDriver-12\\.6\\.0-linux-x86_64-[0-9a-f]{32}\\.so"), kept.get(0));
        assertTrue(kept.get(1).matches("libJCudnn-12\\.6\\.0-linux-x86_64-[0-9a-f]{32}\\.so"), kept.get(1));
        assertEquals(List.of(), list(place.resolve("tmp")).stream().filter(f -> f.toString().contains("JCu")).toList(),
            "nothing of JCuda's own unpacking");
        Path driver = place.resolve("cache/mocha4j/cuda").resolve(kept.get(0));
        Files.write(driver, new byte[] {1, 2, 3});
        assertTrue(mocha(place, "doctor").out().contains(": " + USABLE + "\n"), "a damaged file is written anew");
        assertTrue(Files.size(driver) > 1_000_000);
    }

    /** JCuda's own call comes back with the stand-in's answer: classes and natives found each other. */
    @Test void whatTheDriverRefusesIsOneLine() throws Exception {
        String refused = "mocha: cuda: cuDevicePrimaryCtxRetain: CUDA_ERROR_OUT_OF_MEMORY: out of memory";
        for (String backend : List.of("cuda", "auto")) {
            MochaRun run = mocha(temp.resolve("refused"), "run", "mnist", "--backend", backend);
            assertEquals(1, run.code());
            assertEquals(List.of(refused), run.err().lines().filter(l -> !l.startsWith("WARNING: ")).toList(), backend);
        }
    }

    @Test void aFolderThatCannotBeUsedIsReplacedByOneForThisProcess() throws Exception {
        Path place = Files.createDirectory(temp.resolve("closed"));
        Files.writeString(place.resolve("cache"), "not a folder");
        assertTrue(mocha(place, "doctor").out().contains(": " + USABLE + "\n"));
        assertEquals(List.of(), list(place.resolve("tmp")).stream().filter(f -> f.toString().contains("mocha4j"))
            .toList(), "and removed");
    }

    @Test void twoClassLoadersAndTheModulePathInOneJvm() throws Exception {
        Path home = Files.createDirectory(temp.resolve("home"));
        Path own = Path.of(CudaPlaces.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String out = JavaRun.java(temp, "-Dmocha.cuda.path=" + cuda, "-Duser.home=" + home,
            "-Dmocha.root=" + Distribution.ROOT, "-cp", own.toString(), CudaPlaces.class.getName());
        assertEquals(("Availability[usable=true, rank=30, detail=" + USABLE + "]\n").repeat(3), out);
    }

    @Test void withoutCudaTheCommandSaysInOneLineWhatIsMissing() throws Exception {
        MochaRun doctor = MochaRun.of("doctor");
        String state = doctor.out().lines().filter(l -> l.startsWith("  cuda ")).findFirst().orElseThrow().strip();
        assumeTrue(state.contains(" not usable: "), "skipped: there is a device: " + state);
        String missing = state.replaceFirst("cuda +not usable: ", "");
        MochaRun run = MochaRun.of("run", "mnist", "--backend", "cuda");
        assertEquals(1, run.code());
        assertEquals(List.of("mocha: --backend: backend [cuda] cannot be used: " + missing), run.err().lines()
            .filter(l -> !l.startsWith("WARNING: ")).toList());
        assertEquals("", run.out());
        MochaRun auto = MochaRun.of("explain", "mnist-logistic");
        assertTrue(auto.out().lines().findFirst().orElse("").contains("; cuda not usable: " + missing.split("; ")[0]),
            auto.out());
    }
}
