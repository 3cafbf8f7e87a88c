package org.mocha4j.launcher.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;

/**
 * The samples of CIFAR-10's binary files: 3 × 32 × 32, red, green, blue, pixels 0..255 as they are, labels 0..9. A file
 * is a number of records of 3,073 bytes, the label and then the pixels. Files that are damaged are a
 * {@link DataException}, missing ones a {@link ConfigurationException}.
 */
public final class CifarData implements SampleSet {
    /** The name of the official archive. */
    public static final String ARCHIVE = "cifar-10-binary.tar.gz";
    private static final String INNER = "cifar-10-batches-bin";
    private static final Dims DIMS = new Dims(3, 32, 32);
    private static final int RECORD = 1 + DIMS.volume();
    private static final long LARGEST = 1L << 30;

    private final List<byte[]> files;
    private final int[] ends;

    private CifarData(List<byte[]> files) {
        this.files = files;
        ends = new int[files.size()];
        int n = 0;
        for (int i = 0; i < ends.length; i++) {
            n += files.get(i).length / RECORD;
            ends[i] = n;
        }
    }

    /**
     * The training set: data_batch_1.bin to data_batch_5.bin.
     *
     * @param from a folder with the files, with the folder cifar-10-batches-bin or with the official archive; or an
     *             archive
     */
    public static CifarData train(Path from) throws IOException {
        return read(from, IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList());
    }

    /** The test set: test_batch.bin. */
    public static CifarData test(Path from) throws IOException {
        return read(from, List.of("test_batch.bin"));
    }

    private static CifarData read(Path from, List<String> names) throws IOException {
        for (Path folder : List.of(from, from.resolve(INNER))) {
            if (Files.isRegularFile(folder.resolve(names.get(0)))) {
                Map<String, byte[]> found = new LinkedHashMap<>();
                for (String name : names) {
                    found.put(folder.resolve(name).toString(), bytes(folder.resolve(name)));
                }
                return of(found);
            }
        }
        Path archive = Files.isRegularFile(from) ? from : from.resolve(ARCHIVE);
        if (!Files.isRegularFile(archive)) {
            throw missing(from, names);
        }
        Map<String, byte[]> entries = TarFile.read(archive, name -> names.contains(last(name)), LARGEST);
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (String name : names) {
            String entry = entries.keySet().stream().filter(e -> last(e).equals(name)).findFirst().orElseThrow(
                    () -> new DataException(archive + " has no " + name + "; expected all of " + names));
            found.put(archive + "!" + entry, entries.get(entry));
        }
        return of(found);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(file + " is missing; expected beside its siblings");
        }
        if (Files.size(file) > LARGEST) {
            throw new DataException(file + ": " + Files.size(file) + " bytes, expected at most " + LARGEST);
        }
        return Files.readAllBytes(file);
    }

    private static ConfigurationException missing(Path from, List<String> names) throws IOException {
        String expected = "; expected a folder with " + names.get(0) + " … or with " + ARCHIVE
                + ", CIFAR-10's binary version";
        if (!Files.isDirectory(from)) {
            return new ConfigurationException(from + " is not a folder" + expected);
        }
        try (Stream<Path> entries = Files.list(from)) {
            return new ConfigurationException(from + " has "
                    + entries.map(e -> e.getFileName().toString()).sorted().limit(20).toList() + expected);
        }
    }

    private static CifarData of(Map<String, byte[]> files) {
        files.forEach((name, bytes) -> {
            if (bytes.length == 0 || bytes.length % RECORD != 0) {
                throw new DataException(name + ": " + bytes.length + " bytes, expected a whole number of records of "
                        + RECORD + " bytes, at least one (the official file has 10000: 30730000 bytes)");
            }
            for (int i = 0; i < bytes.length; i += RECORD) {
                if (bytes[i] < 0 || bytes[i] > 9) {
                    throw new DataException(name + ": label " + (bytes[i] & 0xFF) + " of record " + i / RECORD
                            + ", expected 0..9");
                }
            }
        });
        return new CifarData(new ArrayList<>(files.values()));
    }

    /** The mean of all samples, for each pixel: exact sums, divided and rounded once. */
    public float[] mean() {
        long[] sums = new long[DIMS.volume()];
        for (byte[] bytes : files) {
            for (int at = 1; at < bytes.length; at += RECORD) {
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += bytes[at + k] & 0xFF;
                }
            }
        }
        float[] mean = new float[sums.length];
        for (int k = 0; k < mean.length; k++) {
            mean[k] = (float) ((double) sums[k] / size());
        }
        return mean;
    }

    /** A checksum of all pixels and labels. */
    public long checksum() {
        CRC32 sum = new CRC32();
        files.forEach(sum::update);
        return sum.getValue();
    }

    @Override
    public int size() {
        return ends[ends.length - 1];
    }

    @Override
    public Dims dims() {
        return DIMS;
    }

    @Override
    public void pixels(int i, float[] out) {
        int file = file(i);
        byte[] bytes = files.get(file);
        int start = at(i, file) + 1;
        for (int k = 0; k < DIMS.volume(); k++) {
            out[k] = bytes[start + k] & 0xFF;
        }
    }

    @Override
    public int label(int i) {
        int file = file(i);
        return files.get(file)[at(i, file)];
    }

    private int file(int i) {
        Objects.checkIndex(i, size());
        int file = 0;
        while (i >= ends[file]) {
            file++;
        }
        return file;
    }

    private int at(int i, int file) {
        return (i - (file == 0 ? 0 : ends[file - 1])) * RECORD;
    }
}
