package org.mocha4j.runtime.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Tensors;
import org.mocha4j.runtime.train.Imported.Origin;

/**
 * Parameters and states by {@code layer___param}: of a snapshot, or of a flat file that another program wrote, in any
 * format that recognises its content. Shapes are compared without leading and trailing ones; values are converted to
 * the net's type. A bias that is missing starts with its initializer, with a warning; so does anything else that is
 * missing if that is allowed, else it is an error. What the net has no use for is named.
 */
public final class ParameterFile {
    private static final String BETWEEN = "___";
    private static final String CAFFE = "data/.+/\\d+";
    private static final String DUMP = "; the program dump_network_hdf5 makes a parameter file of it";
    private final Path path;
    private final Map<String, Array> tensors;

    private ParameterFile(Path path, Map<String, Array> tensors) {
        this.path = path;
        this.tensors = tensors;
    }

    /**
     * Reads a snapshot, a parameter file, or the newest whole snapshot of a folder.
     *
     * @param warning is told of damaged snapshots that are passed over
     * @throws ConfigurationException if there is none
     * @throws DataException          if it is damaged, or holds no parameters
     */
    public static ParameterFile read(Path from, Catalog catalog, Consumer<String> warning) {
        if (Files.isDirectory(from)) {
            var newest = new SnapshotFolder(from, catalog).newest(warning).orElseThrow(() ->
                    new ConfigurationException(from + " has no snapshots; expected: files such as snapshot-000123.h5"));
            return of(newest.file(), newest.content());
        }
        TensorFile content;
        try {
            content = SnapshotFolder.readAny(from, catalog);
        } catch (DataException e) {
            throw isCaffeModel(from)
                    ? new DataException(e.getMessage() + ". It is a .caffemodel by its content" + DUMP, e) : e;
        }
        return of(from, Checkpoint.isSnapshot(content) ? SnapshotFolder.read(from, catalog) : content);
    }

    static ParameterFile of(Path path, TensorFile content) {
        Map<String, Array> own = Checkpoint.parameters(content);
        if (!Checkpoint.isSnapshot(content) && own.keySet().stream().noneMatch(n -> n.contains(BETWEEN))) {
            boolean caffe = own.keySet().stream().anyMatch(n -> n.matches(CAFFE));
            throw new DataException(path + " is no parameter file: it has no data set named layer___param, such as"
                    + " conv1___filter; it has " + list(own) + (caffe ? ". It is a snapshot of Caffe's" + DUMP : ""));
        }
        return new ParameterFile(path, own);
    }

    /** Whether it begins as Caffe's NetParameter in binary does: field 1, the name, then 2 or 100, a layer. */
    private static boolean isCaffeModel(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] b = in.readNBytes(132);
            int end = b.length < 2 || b[0] != 0x0a || b[1] < 0 ? b.length : 2 + b[1];
            return end + 1 < b.length && (b[end] == 0x12 || b[end] == (byte) 0xa2 && b[end + 1] == 0x06);
        } catch (IOException e) {
            return false;                                        // the message without this hint will do
        }
    }

    /** As {@link #read} and {@link #into} in one, for a net that needs all of its weights. */
    public static Imported load(Path from, Catalog catalog, Tensors into, Consumer<String> warning) {
        Imported done = read(from, catalog, warning).into(into, false);
        done.warnings().forEach(warning);
        return done;
    }

    public Path path() {
        return path;
    }

    /** By {@code layer___param}, in the order of the file. */
    public Map<String, Array> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * Sets all parameters and states of a net.
     *
     * @param allowMissing whether what is missing starts with its initializer; a bias always may
     * @return what came from where
     * @throws ConfigurationException if weights are missing or shapes differ; nothing is changed then
     */
    public Imported into(Tensors net, boolean allowMissing) {
        List<String> wrong = new ArrayList<>();
        List<Imported.Entry> entries = new ArrayList<>();
        Map<String, Array> fitting = new LinkedHashMap<>();
        boolean lacking = false;
        for (String name : net.names()) {
            Array found = tensors.get(name);
            Spec spec = net.spec(name);
            entries.add(new Imported.Entry(name, spec, found != null ? Origin.FILE : Origin.INITIALIZER));
            if (found != null && stripped(found.shape()).equals(stripped(spec.shape()))) {
                fitting.put(name, found.reshape(spec.shape()).as(spec.type()));
            } else if (found != null) {
                wrong.add(place(name) + " is " + found.shape() + " in the file, " + spec.shape() + " in the net");
            } else if (!allowMissing && !name.endsWith(BETWEEN + "bias")) {
                wrong.add(place(name) + " " + spec.shape() + " is missing");
                lacking = true;
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(path + " does not have the parameters of the net:\n  "
                    + String.join("\n  ", wrong) + "\nIt has: " + list(tensors) + (lacking
                    ? "\nWhat is missing can start with its initializer where that is allowed: by allowMissing of the"
                    + " break Snapshot, or by --allow-missing of mocha import" : ""));
        }
        entries.stream().filter(e -> e.origin() == Origin.INITIALIZER).forEach(e -> net.initialize(e.name()));
        fitting.forEach(net::write);
        return new Imported(path, entries, tensors.keySet().stream().filter(n -> !net.names().contains(n)).toList());
    }

    private static String list(Map<String, Array> of) {
        return of.isEmpty() ? "none" : String.join(", ", of.keySet());
    }

    private static String place(String name) {
        return "layer [" + Imported.layer(name) + "]: " + Imported.parameter(name);
    }

    /**
     * Writes a flat file that {@link #read}, Mocha, and other programs that know HDF5 can read.
     *
     * @param file new or empty
     * @throws DataException if it cannot be written; it is not there then
     */
    public static void write(Path file, Map<String, Array> tensors, Catalog catalog) {
        boolean there = Files.exists(file);
        try {
            SnapshotFolder.format(catalog).write(file, new TensorFile(tensors, Map.of()));
        } catch (IOException | MochaException e) {
            try {
                if (!there) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw new DataException("cannot write the parameters to " + file + ": " + Trouble.reason(e), e);
        }
    }

    /** Writes all parameters and states of a net. */
    public static void write(Path file, Tensors net, Catalog catalog) {
        Map<String, Array> all = new LinkedHashMap<>();
        net.names().forEach(n -> all.put(n, net.read(n)));
        write(file, all, catalog);
    }

    private static Shape stripped(Shape s) {
        int from = 0;
        int to = s.rank();
        while (from < to && s.dim(from) == 1) {
            from++;
        }
        while (to > from && s.dim(to - 1) == 1) {
            to--;
        }
        return Shape.of(IntStream.range(from, to).map(s::dim).toArray());
    }
}
