package org.mocha4j.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HDF5 files of parameters, snapshots and means: one contiguous data set per tensor, {@code /} in a name makes groups,
 * attributes are texts at the root group. Tensors come back bit for bit in float32, float64, int32 and int64. Reads
 * files of other makers too: smaller and unsigned integers become int32 or int64, half floats float32; data sets that
 * are no numbers are left out with a warning.
 */
public final class Hdf5Format implements Format {
    private static final Logger LOG = LoggerFactory.getLogger(Hdf5Format.class);
    static final String MAKER = "_jHDF";                         // names the machine, so files would differ

    @Override
    public String name() {
        return "hdf5";
    }

    @Override
    public boolean recognises(byte[] head) {
        return Signature.starts(head);
    }

    @Override
    public TensorFile read(Path file) {
        try (H5File h5 = H5File.open(file)) {
            Map<String, Array> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, Dataset> e : h5.datasets().entrySet()) {
                if (Elements.of(e.getValue().getDataType()).isEmpty()) {
                    LOG.warn("{}: data set [{}] holds no numbers but {}: left out", file, e.getKey(),
                            e.getValue().getDataType().getClass().getSimpleName());
                } else {
                    tensors.put(e.getKey(), tensor(Rows.of(h5, e.getKey(), e.getValue()), e.getValue().isScalar()));
                }
            }
            return new TensorFile(tensors, attributes(h5));
        } catch (ShapeException | OutOfMemoryError e) {
            throw new DataException(file + " is too large to be read as a whole: " + e.getMessage(), e);
        }
    }

    private static Array tensor(Rows r, boolean scalar) {
        int[] dims = new int[scalar ? 0 : r.row.rank() + 1];
        if (!scalar) {
            dims[0] = Math.toIntExact(r.count);
            System.arraycopy(r.row.dims(), 0, dims, 1, r.row.rank());
        }
        HostTensor t = HostTensor.allocate(new Spec(r.elements.natural(), Shape.of(dims)));
        r.read(0, (int) r.count, t.array(), 0);
        return t.toArray();
    }

    static Map<String, String> attributes(H5File h5) {
        try {
            Map<String, String> texts = new TreeMap<>();
            for (Attribute a : h5.root().getAttributes().values()) {
                texts.put(a.getName(), Texts.read(a));
            }
            return Texts.join(texts);
        } catch (RuntimeException e) {
            throw h5.failure(h5.path() + ": the attributes", e);
        }
    }

    /** @throws FileAlreadyExistsException if the file is there and not empty */
    @Override
    public void write(Path file, TensorFile content) throws IOException {
        if (Files.exists(file) && Files.size(file) > 0) {
            throw new FileAlreadyExistsException(file.toString(), null, "expected: a new or empty file");
        }
        try (WritableHdfFile out = HdfFile.write(file)) {
            out.removeAttribute(MAKER);
            for (Map.Entry<String, String> a : Texts.split(content.attributes()).entrySet()) {
                out.putAttribute(a.getKey(), a.getValue());
            }
            Map<String, WritableGroup> groups = new LinkedHashMap<>();
            for (Map.Entry<String, Array> t : content.tensors().entrySet()) {
                int slash = t.getKey().lastIndexOf('/');
                WritableGroup g = slash < 0 ? out : group(out, groups, t.getKey().substring(0, slash));
                g.putDataset(t.getKey().substring(slash + 1), Nested.of(t.getValue()));
            }
        } catch (RuntimeException e) {
            throw new DataException(file + " cannot be written: " + e.getMessage(), e);
        }
        try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
            c.force(true);
        }
    }

    static WritableGroup group(WritableHdfFile out, Map<String, WritableGroup> groups, String path) {
        WritableGroup known = groups.get(path);
        if (known == null) {
            int slash = path.lastIndexOf('/');
            WritableGroup parent = slash < 0 ? out : group(out, groups, path.substring(0, slash));
            known = parent.putGroup(path.substring(slash + 1));
            groups.put(path, known);
        }
        return known;
    }
}
