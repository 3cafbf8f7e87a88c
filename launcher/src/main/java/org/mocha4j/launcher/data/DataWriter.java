package org.mocha4j.launcher.data;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import org.mocha4j.api.ShapeException;

/**
 * Writes samples as the HDF5 files that the data layers read: {@code train.hdf5} and {@code test.hdf5} with the
 * datasets {@code data} (float32, [n, channels, height, width]) and {@code label} (float32, [n]), both contiguous, and
 * the list files {@code train.txt} and {@code test.txt} with one line each, the HDF5 file's name, so that
 * the folder can be moved.
 */
public final class DataWriter {
    private static final int BLOCK = 1 << 20;

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

    /** Writes {@code mean.hdf5}: the dataset {@code mean}, float32, [channels, height, width]. */
    public static void mean(float[] mean, SampleSet.Dims dims, Path folder) throws IOException {
        Files.createDirectories(folder);
        float[][][] image = new float[dims.channels()][dims.height()][dims.width()];
        for (int i = 0; i < mean.length; i++) {
            image[i / dims.width() / dims.height()][i / dims.width() % dims.height()][i % dims.width()] = mean[i];
        }
        replace(folder.resolve("mean.hdf5"), part -> {
            try (WritableHdfFile file = HdfFile.write(part)) {
                file.putDataset("mean", image);
            }
        });
    }

    /** The file is laid out with zeros, all samples one array, and then filled: no set need fit into memory. */
    private static void hdf5(SampleSet samples, Path part) throws IOException {
        SampleSet.Dims dims = samples.dims();
        float[][][][] zeros = new float[samples.size()][][][];
        Arrays.fill(zeros, new float[dims.channels()][dims.height()][dims.width()]);
        float[] label = new float[samples.size()];
        for (int i = 0; i < label.length; i++) {
            label[i] = samples.label(i);
        }
        try (WritableHdfFile file = HdfFile.write(part)) {
            file.putDataset("data", zeros);
            file.putDataset("label", label);
        }
        long address;
        ByteOrder order;
        try (HdfFile file = new HdfFile(part)) {
            ContiguousDataset data = (ContiguousDataset) file.getDatasetByPath("data");
            address = file.getUserBlockSize() + data.getDataAddress();
            order = ((FloatingPoint) data.getDataType()).getByteOrder();
        }
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            fill(samples, out, address, order);
        }
    }

    private static void fill(SampleSet samples, FileChannel out, long address, ByteOrder order) throws IOException {
        float[] pixels = new float[samples.dims().volume()];
        int each = Math.max(1, BLOCK / pixels.length / Float.BYTES);
        ByteBuffer block = ByteBuffer.allocateDirect(each * pixels.length * Float.BYTES).order(order);
        out.position(address);
        for (int i = 0; i < samples.size(); i++) {
            samples.pixels(i, pixels);
            block.asFloatBuffer().put(pixels);
            block.position(block.position() + pixels.length * Float.BYTES);
            if (!block.hasRemaining() || i == samples.size() - 1) {
                block.flip();
                while (block.hasRemaining()) {
                    out.write(block);
                }
                block.clear();
            }
        }
    }
}
