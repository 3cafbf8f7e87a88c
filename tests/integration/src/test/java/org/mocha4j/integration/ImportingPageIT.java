package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.caffe.DumpProgram;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.train.ParameterFile;

/** What docs/importing.md shows and needs no Caffe; {@link CaffeLeNetIT} has the rest. */
class ImportingPageIT {
    private static final Path PAGE = Distribution.ROOT.resolve("docs/importing.md");

    @TempDir Path temp;

    /** Parameters of a LeNet whose answer is one, whatever it sees. */
    private Path parameters() {
        Map<String, Array> all = new LinkedHashMap<>();
        Map.of("conv1___filter", Shape.of(20, 1, 5, 5), "conv1___bias", Shape.of(1, 1, 1, 20), "conv2___filter",
            Shape.of(50, 20, 5, 5), "conv2___bias", Shape.of(50), "ip1___weight", Shape.of(1, 1, 500, 800),
            "ip1___bias", Shape.of(500), "ip2___weight", Shape.of(10, 500)).forEach((n, s) -> all.put(n, Array.filled(
                new Spec(DataType.FLOAT32, s), 0)));
        all.put("ip2___bias", Array.of(Shape.of(10), 0, 100f, 0, 0, 0, 0, 0, 0, 0, 0));
        Path file = temp.resolve("lenet.hdf5");
        ParameterFile.write(file, all, Catalog.of(PluginLoader.load(ImportingPageIT.class.getClassLoader())));
        return file;
    }

    @Test void theProgramInJavaRuns() throws Exception {
        Fence block = Fence.of(PAGE, "java").get(0);
        Path classes = JavaRun.compile(temp.resolve("host"), JavaRun.jars(), List.of(block));
        String out = JavaRun.java(temp, "-cp", classes + File.pathSeparator + JavaRun.path(JavaRun.jars()),
            block.className(), parameters().toString());
        assertEquals("8 parameters\nblank: one with probability 1.0\n", out.replace("\r\n", "\n"));
    }

    @Test void theReportIsTheCommands() throws Exception {
        Path net = Files.writeString(temp.resolve("lenet.yaml"), Fence.of(PAGE, "yaml").get(0).text());
        Path file = parameters();
        MochaRun run = MochaRun.of("import", file.toString(), "--into", net.toString(), "--shape", "data=100x1x28x28",
            "--shape", "label=100");
        assertEquals(Fence.of(PAGE, "text").get(0).text().replace("from lenet.hdf5", "from " + file)
            .replace("Without parameters: data, ", "Without parameters: "), run.out(), run.err());
        assertEquals(0, run.code());
    }

    @Test void theProgramInPythonWritesSuchAFile() throws Exception {
        Path script = Files.writeString(temp.resolve("export.py"), Fence.of(PAGE, "python").get(0).text());
        String python = null;
        for (String command : List.of("python3", "/usr/bin/python3")) {
            python = python == null && python(command, "-c", "import h5py") == 0 ? command : python;
        }
        assumeTrue(python != null, "no python3 with h5py");
        assertEquals(0, python(python, script.toString()));
        Map<String, Array> found = new Hdf5Format().read(temp.resolve("small.h5")).tensors();
        assertEquals(Array.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6), found.get("ip___weight"));
        assertEquals(Array.of(Shape.of(2), 0.5f, -0.5f), found.get("ip___bias"));
    }

    private int python(String... command) throws InterruptedException {
        try {
            Process p = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true)
                .redirectOutput(temp.resolve("log").toFile()).start();
            assertTrue(p.waitFor(60, TimeUnit.SECONDS), "no end");
            return p.exitValue();
        } catch (IOException e) {
            return -1;                                           // no such command
        }
    }

    @Test void theSourcesAreInTheBundleAndInTheDistribution() throws Exception {
        for (DumpProgram program : DumpProgram.values()) {
            Path source = program.writeSource(temp);
            assertEquals(program.program() + ".cpp", source.getFileName().toString());
            assertEquals(-1, Files.mismatch(source, Distribution.HOME.resolve("tools/caffe")
                .resolve(source.getFileName())));
            assertTrue(Files.readString(source).contains("\"" + program.program() + "\""));
        }
        assertTrue(Files.isExecutable(Distribution.HOME.resolve("tools/caffe/build.sh")));
    }

    /** The page and the build test with the same Caffe. */
    @Test void theVersionsAreThoseOfTheBuild() throws Exception {
        String pom = Files.readString(Distribution.ROOT.resolve("tests/integration/pom.xml"));
        String page = Files.readString(PAGE);
        for (String artifact : List.of("caffe", "hdf5", "openblas")) {
            var m = Pattern.compile("<artifactId>" + artifact + "</artifactId><version>([^<]*)<").matcher(pom);
            assertTrue(m.find(), artifact);
            assertTrue(page.contains(" " + artifact + ":" + m.group(1)), artifact + " " + m.group(1));
        }
    }
}
