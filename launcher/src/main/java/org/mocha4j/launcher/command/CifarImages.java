package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.launcher.data.CifarData;
import org.mocha4j.launcher.data.DataWriter;

/** CIFAR-10 for the example of that name: a folder that {@code mocha data cifar10} made, or the binary files. */
final class CifarImages {
    static final List<String> FILES = List.of("train.txt", "test.txt", "mean.hdf5");

    private CifarImages() {
    }

    /** @throws ConfigurationException if there are no data, saying how to get them */
    static void require(String example, Path data) {
        if (data == null) {
            throw new ConfigurationException(example + " needs the data set CIFAR-10 and --data, which names its"
                + " folder. To fetch it (162 MB): mocha data cifar10 --output data. From its binary files that are here"
                + " already: mocha data cifar10 --from DIR --output data. Then: mocha run " + example + " --data data");
        }
    }

    private static boolean isPrepared(Path folder) {
        List<String> missing = FILES.stream().filter(f -> !Files.isRegularFile(folder.resolve(f))).toList();
        if (!missing.isEmpty() && missing.size() < FILES.size()) {
            throw new ConfigurationException(folder + " has not all of " + FILES + ": " + missing
                + " is missing; 'mocha data cifar10' writes them, into another --output");
        }
        return missing.isEmpty();
    }

    static Digits prepare(Path data, Path cache, Consumer<String> lines) throws IOException {
        if (isPrepared(data)) {
            lines.accept("Data: " + data.resolve("train.txt") + ", " + data.resolve("test.txt") + " and "
                + data.resolve("mean.hdf5"));
            return new Digits(data, false, "the test data");
        }
        CifarData train = CifarData.train(data);
        CifarData test = CifarData.test(data);
        Path folder = cache.resolve(String.format(Locale.ROOT, "cifar10-%08x%08x", train.checksum(), test.checksum()));
        lines.accept("Data: " + Text.number(train.size()) + " training and " + Text.number(test.size())
            + " test images of CIFAR-10's binary files in " + data + ", as HDF5 in " + folder);
        if (!Files.isRegularFile(folder.resolve("train.txt")) || !isPrepared(folder)) {
            write(train, test, folder);
        }
        return new Digits(folder, false, "the test images");
    }

    /** The test set and the mean. @param scratch takes what has to be written */
    static Digits prepareTest(Path data, Path scratch, Consumer<String> lines) throws IOException {
        if (isPrepared(data)) {
            return prepare(data, scratch, lines);
        }
        CifarData test = CifarData.test(data);
        lines.accept("Data: " + Text.number(test.size()) + " test images of CIFAR-10's binary files in " + data);
        DataWriter.mean(CifarData.train(data).mean(), test.dims(), scratch);
        DataWriter.write(test, scratch, "test");
        return new Digits(scratch, false, "the test images");
    }

    /** The mean image first and the lists last: with a list all is there. */
    static void write(CifarData train, CifarData test, Path folder) throws IOException {
        DataWriter.mean(train.mean(), train.dims(), folder);
        DataWriter.write(test, folder, "test");
        DataWriter.write(train, folder, "train");
    }
}
