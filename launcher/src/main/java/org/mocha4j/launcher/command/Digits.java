package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.DrawnDigits;
import org.mocha4j.launcher.data.MnistData;
import org.mocha4j.launcher.data.SampleSet;

/**
 * The data of an example as HDF5 files: a folder that has them, IDX files, or digits that the program draws.
 *
 * @param folder   with train.txt and test.txt
 * @param drawn    whether the program drew them
 * @param heldOut  for people: the samples that are not trained on
 */
record Digits(Path folder, boolean drawn, String heldOut) {
    /**
     * Both sets. What has to be written goes into a folder of {@code cache} whose name says what it holds, and is used
     * again if it is there.
     *
     * @param data  a folder, or null for drawn digits, where the example is of digits
     * @param lines is told where the data come from, in one line
     */
    static Digits prepare(Example example, Path data, long seed, Path cache, Consumer<String> lines)
            throws IOException {
        if (!example.ofDigits()) {
            return CifarImages.prepare(data, cache, lines);
        }
        if (data == null) {
            DrawnDigits train = DrawnDigits.train(seed);
            DrawnDigits test = DrawnDigits.test(seed);
            Path folder = cache.resolve("drawn-digits-seed-" + seed);
            lines.accept("No --data given, so the data are digits that this program draws: " + Text.number(train.size())
                + " to train on, " + Text.number(test.size()) + " held out, seed " + seed + ", in " + folder);
            return new Digits(write(train, test, folder), true, "held-out drawn digits");
        }
        if (isPrepared(data)) {
            lines.accept("Data: " + data.resolve("train.txt") + " and " + data.resolve("test.txt"));
            return new Digits(data, false, "the test data");
        }
        MnistData train = MnistData.train(data);
        MnistData test = MnistData.test(data);
        Path folder = cache.resolve(String.format(Locale.ROOT, "idx-%08x%08x", train.checksum(), test.checksum()));
        lines.accept("Data: " + Text.number(train.size()) + " training and " + Text.number(test.size())
            + " test images of the IDX files in " + data + ", as HDF5 in " + folder);
        return new Digits(write(train, test, folder), false, "the test images");
    }

    /** The test set only. @param scratch takes what has to be written */
    static Digits prepareTest(Example example, Path data, long seed, Path scratch, Consumer<String> lines)
            throws IOException {
        if (!example.ofDigits()) {
            return CifarImages.prepareTest(data, scratch, lines);
        }
        if (data != null && isPrepared(data)) {
            return prepare(example, data, seed, scratch, lines);
        }
        SampleSet test = data == null ? DrawnDigits.test(seed) : MnistData.test(data);
        lines.accept(data == null
            ? "No --data given, so the data are " + Text.number(test.size()) + " digits that this program draws, seed "
            + seed
            : "Data: " + Text.number(test.size()) + " test images of the IDX files in " + data);
        DataWriter.write(test, scratch, "test");
        return new Digits(scratch, data == null, data == null ? "held-out drawn digits" : "the test images");
    }

    private static boolean isPrepared(Path folder) {
        return Files.isRegularFile(folder.resolve("train.txt")) && Files.isRegularFile(folder.resolve("test.txt"));
    }

    private static Path write(SampleSet train, SampleSet test, Path folder) throws IOException {
        if (!isPrepared(folder)) {                               // each list is written when its data are complete
            DataWriter.write(train, test, folder);
        }
        return folder;
    }

    /** What leads an example's net to the data, as values for {@code --set}. */
    List<String> overrides(Example example) {
        List<String> set = new ArrayList<>(List.of("layers.train-data.source=" + file("train.txt"),
            "layers.test-data.source=" + file("test.txt")));
        example.means().forEach(m -> set.add(m + "=" + file("mean.hdf5")));
        return set;
    }

    private String file(String name) {
        return Json.text(folder.resolve(name).toAbsolutePath().toString());
    }
}
