package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.image.Picture;
import org.mocha4j.launcher.data.TarFile;

/** The tutorial's net for CIFAR-10 on a few of its images, where they are there. */
class ClassifyCifarTest {
    private static final Path ARCHIVE = Path.of(System.getProperty("mocha.data", "../../shared/data"),
        "cifar10/cifar10-test-jpeg.tar.gz").toAbsolutePath().normalize();
    private static final List<String> CLASSES = Example.named("cifar10").orElseThrow().classes();
    private static final int TRAINED = 32;
    private static final int TESTED = 8;
    @TempDir Path temp;

    /** The records that {@code mocha data} reads: label, red, green, blue. */
    private static void record(ByteArrayOutputStream to, Path image) {
        Picture p = Picture.read(image).coloured();
        to.write(CLASSES.indexOf(image.getParent().getFileName().toString()));
        for (int i = 0; i < 3 * 32 * 32; i++) {
            to.write((int) p.at(i / 1024, i / 32 % 32, i % 32));
        }
    }

    private Path images(Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> f : files.entrySet()) {
            Path file = temp.resolve(f.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, f.getValue());
        }
        ByteArrayOutputStream test = new ByteArrayOutputStream();
        ByteArrayOutputStream[] train = new ByteArrayOutputStream[5];
        for (int k = 0; k < 5; k++) {
            train[k] = new ByteArrayOutputStream();
        }
        for (int i = 0; i < TESTED + TRAINED; i++) {
            for (String c : CLASSES) {
                Path image = temp.resolve(String.format(Locale.ROOT, "test/%s/%04d.jpg", c, i));
                record(i < TESTED ? test : train[i % 5], image);
                if (i >= TESTED) {
                    Files.delete(image);
                }
            }
        }
        Files.write(temp.resolve("test_batch.bin"), test.toByteArray());
        for (int k = 0; k < 5; k++) {
            Files.write(temp.resolve("data_batch_" + (k + 1) + ".bin"), train[k].toByteArray());
        }
        return temp.resolve("test");
    }

    private static Cli ok(String... args) {
        Cli run = Cli.run(args);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    /** The images as files give what the same images as HDF5 give, however they are batched. */
    @Test void imagesAreRightAsOftenAsInTheTestPhase() throws IOException {
        assumeTrue(Files.exists(ARCHIVE), () -> "no " + ARCHIVE + "; name its grandparent with -Dmocha.data=DIR");
        Path images = images(TarFile.read(ARCHIVE, n -> n.matches("test/[a-z]+/00[0-3]\\d\\.jpg"), 1 << 20));
        Path run = temp.resolve("run");
        ok("run", "cifar10", "--data", temp.toString(), "--output", run.toString(), "--iterations", "40", "--set",
            "layers.train-data.batchSize=25", "--set", "layers.conv1.filter.initializer.std=0.01", "--set",
            "layers.ip1.weight.regularizer=null", "--set", "breaks.2.everyIterations=1000");
        Cli test = ok("test", "cifar10", "--from", run.toString(), "--data", temp.toString());
        Matcher accuracy = Pattern.compile("Accuracy \\(avg over 80\\) = ([\\d.]+)% on the test images")
            .matcher(test.out());
        assertTrue(accuracy.find(), test.out());
        double expected = Double.parseDouble(accuracy.group(1));
        assertTrue(expected > 15, "it has learned something: " + expected);
        Path mean;
        try (var data = Files.list(run.resolve("data"))) {
            mean = data.toList().get(0).resolve("mean.hdf5");
        }
        for (String batch : List.of("1", "7", "80")) {
            Cli found = ok("classify", "cifar10", "--images", images.toString(), "--from", run.toString(), "--mean",
                mean.toString(), "--top", "1", "--batch", batch, "--json");
            Matcher m = Pattern.compile("\"file\": \"[^\"]*/(\\w+)/\\d+.jpg\"[^}]*\"name\": \"(\\w+)\"")
                .matcher(found.out());
            List<Boolean> right = new ArrayList<>();
            while (m.find()) {
                right.add(m.group(1).equals(m.group(2)));
            }
            assertEquals(80, right.size());
            assertEquals(expected, 100.0 * right.stream().filter(r -> r).count() / 80, 1e-3, "batch " + batch);
        }
    }
}
