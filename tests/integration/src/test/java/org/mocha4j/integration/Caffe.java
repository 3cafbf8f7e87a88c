package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mocha4j.api.Array;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.hdf5.Hdf5Format;

/** Caffe 1.0, where the profile caffe has put it, and the programs, built with it by the script that users have. */
final class Caffe {
    static final Path CPP = Distribution.ROOT.resolve("tests/integration/src/test/cpp");
    private static final Path HOME = Distribution.ROOT.resolve("tests/integration/target/caffe");
    /** A run of tooling/mutations names another folder. */
    private static final Path TOOLS = Path.of(System.getProperty("mocha.caffe.tools",
        Distribution.HOME.resolve("tools/caffe").toString()));

    /** How a program ended. */
    record Run(int code, String out, String err) { }

    private Caffe() { }

    /** Builds what is missing or old. Without Caffe, compiler or Boost the tests are skipped, with the reason. */
    static void buildOrSkip() throws IOException, InterruptedException {
        assumeTrue(Files.exists(HOME.resolve("org/bytedeco/caffe/linux-x86_64/libcaffe.so.1.0.0")), () -> "no Caffe in "
            + HOME + "; mvn verify -Pcaffe downloads it (23 MB), for Linux on x86-64");
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
            "Caffe is for Linux on x86-64");
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(p -> Files.isExecutable(
            Path.of(p, "g++"))), "no g++");
        List<Path> old = new ArrayList<>();
        for (Path source : List.of(TOOLS.resolve("dump_network_hdf5.cpp"), TOOLS.resolve("dump_mean_file.cpp"),
            CPP.resolve("caffe_blobs.cpp"), CPP.resolve("caffe_old.cpp"))) {
            Path built = HOME.resolve("bin").resolve(source.getFileName());
            if (Files.notExists(built) || Files.mismatch(built, source) >= 0) {
                old.add(source);
            }
        }
        if (!old.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("bash", TOOLS.resolve("build.sh").toString(),
                HOME.toString()));
            old.forEach(source -> command.add(source.toString()));
            Run build = run(command);
            assumeTrue(!build.err().contains("no headers of Boost"), build.err());
            assertEquals(0, build.code(), () -> "does not build: " + build.err());
            for (Path source : old) {
                Files.copy(source, HOME.resolve("bin").resolve(source.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Runs {@code dump_network_hdf5}, {@code dump_mean_file} or {@code caffe_blobs}. */
    static Run run(String program, Object... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("bin").resolve(program).toString()));
        Arrays.stream(args).map(Object::toString).forEach(command::add);
        return run(command);
    }

    private static Run run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("caffe", ".out");
        Path err = Files.createTempFile("caffe", ".err");
        Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(p.waitFor(300, TimeUnit.SECONDS), () -> "no end: " + command);
            return new Run(p.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            p.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Every blob of a net of Caffe's on one batch. @param more "-" makes the weights first; where they are saved */
    static Map<String, Array> blobs(Path net, Object weights, Array data, Path temp, Path... more) throws Exception {
        Path in = temp.resolve("batch.hdf5");
        Path out = temp.resolve("blobs.hdf5");
        Files.deleteIfExists(in);
        new Hdf5Format().write(in, new TensorFile(Map.of("data", data), Map.of()));
        List<Object> args = new ArrayList<>(List.of(net, weights, in, out));
        args.addAll(List.of(more));
        Run run = run("caffe_blobs", args.toArray());
        assertEquals(0, run.code(), run.err());
        Map<String, Array> blobs = new Hdf5Format().read(out).tensors();
        blobs.keySet().removeIf(b -> b.contains("_split_"));     // copies that Caffe makes for several readers
        return blobs;
    }
}
