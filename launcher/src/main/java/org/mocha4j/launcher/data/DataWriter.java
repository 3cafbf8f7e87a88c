package org.mocha4j.launcher.data;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.mocha4j.api.ShapeException;

/**
 * Writes samples as the HDF5 files that the data layers read: {@code train.hdf5} and {@code test.hdf5} with the
 * datasets {@code data} (float32, [n, channels, height, width]) and {@code label} (float32, [n]), both contiguous, and
 * the list files {@code train.txt} and {@code test.txt} with one line each, the HDF5 file's name, so that
 * the folder can be moved.
 */
public final class DataWriter {
    private DataWriter() { }

    /**
     * Writes the four files into {@code folder}, which is made if missing. Each is written under a temporary name and
     * renamed when complete, so a file of an earlier run is replaced whole or not at all.
     *
     * @throws ShapeException if the two sets differ in the shape of a sample
     */
    public static void write(SampleSet train, SampleSet test, Path folder) throws IOException {
        if (!train.dims().equals(test.dims())) {
            throw new ShapeException("training samples are " + train.dims() + ", test samples " + test.dims()
                    + "; expected the same");
        }
        write(train, folder, "train");
        write(test, folder, "test");
    }

    /** Writes two of the files: {@code NAME.hdf5} and, when that is complete, {@code NAME.txt}. */
    public static void write(SampleSet samples, Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Path data = folder.resolve(name + ".hdf5").toAbsolutePath().normalize();
        replace(data, part -> hdf5(samples, part));
        replace(folder.resolve(name + ".txt"), part -> Files.writeString(part, data.getFileName() + "\n"));
    }

    private interface Content {
        void to(Path part) throws IOException;
    }

    private static void replace(Path target, Content content) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + "-" + UUID.randomUUID() + ".part");
        try {
            content.to(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (HdfException e) {
            throw new IOException(target + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void hdf5(SampleSet samples, Path part) throws IOException {
        SampleSet.Dims dims = samples.dims();
        float[][][][] data = new float[samples.size()][dims.channels()][dims.height()][dims.width()];
        float[] label = new float[samples.size()];
        float[] pixels = new float[dims.volume()];
        for (int i = 0; i < data.length; i++) {
            samples.pixels(i, pixels);
            label[i] = samples.label(i);
            int at = 0;
            for (float[][] channel : data[i]) {
                for (float[] row : channel) {
                    System.arraycopy(pixels, at, row, 0, row.length);
                    at += row.length;
                }
            }
        }
        try (WritableHdfFile file = HdfFile.write(part)) {
            file.putDataset("data", data);
            file.putDataset("label", label);
        }
    }
}
