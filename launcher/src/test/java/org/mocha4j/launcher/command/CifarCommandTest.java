package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example cifar10 and its data, on files of a few made-up images. */
class CifarCommandTest {
    private static final String[] SMALL = {"--set", "layers.train-data.batchSize=5", "--set",
        "layers.test-data.batchSize=3"};

    @TempDir
    Path temp;

    private Path binaries() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("bin"));
        Random random = new Random(3);
        for (int file = 1; file <= 6; file++) {
            byte[] bytes = new byte[4 * 3073];
            random.nextBytes(bytes);
            for (int i = 0; i < 4; i++) {
                bytes[i * 3073] = (byte) (file + i);
            }
            Files.write(folder.resolve(file == 6 ? "test_batch.bin" : "data_batch_" + file + ".bin"), bytes);
        }
        return folder;
    }

    private static Cli run(String... args) {
        return Cli.run(Stream.concat(Stream.of(args), Stream.of(SMALL)).toArray(String[]::new));
    }

    private static void ok(Cli run) {
        assertEquals(0, run.code(), run.err());
    }

    private static String lastLine(Cli run) {
        return run.out().strip().lines().reduce((a, b) -> b).orElseThrow();
    }

    @Test void theNetIsTheTutorials() {
        Cli run = Cli.run("summary", "cifar10");
        ok(run);
        assertTrue(run.out().contains("CIFAR10: 13 layers, 89,578 parameters"), run.out());
        assertTrue(run.out().matches("(?s).*norm2 +LRN +\\[100, 32, 8, 8].*pool3 +Pooling +\\[100, 64, 4, 4].*"),
            run.out());
        ok(Cli.run("validate", "cifar10"));
        ok(Cli.run("explain", "cifar10"));
    }

    @Test void withoutDataItSaysHowToGetThem() {
        String text = " needs the data set CIFAR-10 and --data, which names its folder. To fetch it (162 MB): mocha"
            + " data cifar10 --output data. From its binary files that are here already: mocha data cifar10 --from DIR"
            + " --output data. Then: mocha run cifar10 --data data\n";
        Cli run = Cli.run("run", "cifar10", "--output", temp.resolve("o").toString());
        assertEquals(1, run.code());
        assertEquals("mocha: cifar10" + text, run.err());
        assertFalse(Files.exists(temp.resolve("o")));
        assertEquals("mocha: cifar10" + text, Cli.run("test", "cifar10", "--from", temp.toString()).err());
    }

    @Test void dataAreWrittenTrainedOnAndTested() throws IOException {
        String bin = binaries().toString();
        Path data = temp.resolve("data");
        Cli written = Cli.run("data", "cifar10", "--from", bin, "--output", data.toString());
        ok(written);
        assertEquals("Wrote 20 training and 4 test images to " + data.resolve("train.hdf5") + " and "
            + data.resolve("test.hdf5") + "\nNow: mocha run cifar10 --data " + data + "\n", written.out());
        Cli again = Cli.run("data", "cifar10", "--from", bin, "--output", data.toString());
        assertEquals("mocha: " + data.resolve("train.hdf5")
            + " is there already and is left as it is; delete it or give another --output\n", again.err());
        Cli prepared = run("run", "cifar10", "--data", data.toString(), "--output", temp.resolve("r").toString(),
            "--iterations", "3");
        ok(prepared);
        assertTrue(prepared.out().startsWith("Data: " + data.resolve("train.txt") + ", " + data.resolve("test.txt")
            + " and " + data.resolve("mean.hdf5") + "\n"), prepared.out());
        assertTrue(lastLine(prepared).matches("Accuracy \\(avg over 4\\) = .*% on the test data"), prepared.out());
        Cli direct = run("run", "cifar10", "--data", bin, "--output", temp.resolve("s").toString(),
            "--iterations", "3");
        ok(direct);
        assertTrue(direct.out().startsWith("Data: 20 training and 4 test images of CIFAR-10's binary files in " + bin
            + ", as HDF5 in " + temp.resolve("s/data/cifar10-")), direct.out());
        assertEquals(lastLine(prepared).replace("the test data", "the test images"), lastLine(direct));
        Cli test = run("test", "cifar10", "--from", temp.resolve("r").toString(), "--data", bin);
        ok(test);
        assertEquals(lastLine(direct), lastLine(test));
        Files.delete(data.resolve("mean.hdf5"));
        Cli half = run("run", "cifar10", "--data", data.toString(), "--output", temp.resolve("t").toString());
        assertEquals("mocha: " + data + " has not all of [train.txt, test.txt, mean.hdf5]: [mean.hdf5] is missing;"
            + " 'mocha data cifar10' writes them, into another --output\n", half.err());
    }
}
