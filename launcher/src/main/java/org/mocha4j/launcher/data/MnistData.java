package org.mocha4j.launcher.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;

/**
 * The samples of a pair of IDX files (images and labels), such as MNIST's: pixels are byte / 256, dimensions 1 × rows ×
 * columns. Labels are 0..9. Files that are damaged or do not belong together are a {@link DataException}, a missing
 * file is a {@link ConfigurationException}.
 */
public final class MnistData implements SampleSet {
    private final IdxFile images;
    private final IdxFile labels;
    private final Dims dims;

    private MnistData(IdxFile images, IdxFile labels, Dims dims) {
        this.images = images;
        this.labels = labels;
        this.dims = dims;
    }

    /** The training set of a folder: {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, or .gz. */
    public static MnistData train(Path folder) throws IOException {
        return read(folder, "train");
    }

    /** The test set of a folder: {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, or with .gz. */
    public static MnistData test(Path folder) throws IOException {
        return read(folder, "t10k");
    }

    private static MnistData read(Path folder, String part) throws IOException {
        IdxFile images = IdxFile.read(find(folder, part + "-images-idx3-ubyte"), IdxFile.Kind.IMAGES);
        IdxFile labels = IdxFile.read(find(folder, part + "-labels-idx1-ubyte"), IdxFile.Kind.LABELS);
        if (images.count() != labels.count()) {
            throw new DataException(images.file() + " has " + images.count() + " images, but " + labels.file() + " has "
                    + labels.count() + " labels; expected as many of both");
        }
        if (images.count() == 0 || images.dim(1) == 0 || images.dim(2) == 0) {
            throw new DataException(images.file() + ": " + images.count() + " images of " + images.dim(1) + " x "
                    + images.dim(2) + " pixels, expected at least one of at least 1 x 1");
        }
        for (int i = 0; i < labels.count(); i++) {
            if (labels.at(i) > 9) {
                throw new DataException(labels.file() + ": label " + labels.at(i) + " of sample " + i
                        + ", expected 0..9");
            }
        }
        return new MnistData(images, labels, new Dims(1, images.dim(1), images.dim(2)));
    }

    private static Path find(Path folder, String name) throws IOException {
        for (String candidate : List.of(name, name + ".gz")) {
            if (Files.isRegularFile(folder.resolve(candidate))) {
                return folder.resolve(candidate);
            }
        }
        if (!Files.isDirectory(folder)) {
            throw new ConfigurationException(folder + " is not a folder; expected one with the IDX file " + name
                    + " or " + name + ".gz");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            throw new ConfigurationException(folder + " has no file " + name + " or " + name + ".gz; it has "
                    + entries.map(e -> e.getFileName().toString()).sorted().limit(20).toList());
        }
    }

    /** A checksum of all pixels and labels. */
    public long checksum() {
        CRC32 sum = new CRC32();
        images.update(sum);
        labels.update(sum);
        return sum.getValue();
    }

    @Override
    public int size() {
        return images.count();
    }

    @Override
    public Dims dims() {
        return dims;
    }

    @Override
    public void pixels(int i, float[] out) {
        int volume = dims.volume();
        int start = Objects.checkIndex(i, size()) * volume;
        for (int k = 0; k < volume; k++) {
            out[k] = images.at(start + k) / 256f;
        }
    }

    @Override
    public int label(int i) {
        return labels.at(Objects.checkIndex(i, size()));
    }
}
