package org.mocha4j.runtime.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Slots;
import org.mocha4j.api.Spec;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.DataInput;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.Tensors;

/** Stand-ins for nets, devices and files. */
final class Fakes {
    private Fakes() {
    }

    /**
     * Samples 0 … n−1 in another order in each epoch: sample s of epoch e is (7·s + 3·e) mod n, for n not a multiple of
     * 7.
     */
    static final class Stream implements DataStream {
        final int size;
        final List<Spec> specs;
        volatile int batches;
        volatile int failAt = -1;
        volatile RuntimeException failure = new DataException("numbers.txt: row 5 is NaN");
        volatile long delayMillis;
        private long epoch;
        private long sample;

        Stream(int size, int batch) {
            this.size = size;
            this.specs = List.of(Spec.of(DataType.FLOAT32, batch, 1));
        }

        static double value(int size, long epoch, long sample) {
            return (7 * sample + 3 * epoch) % size;
        }

        @Override
        public List<Spec> specs() {
            return specs;
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(size);
        }

        @Override
        public Position position() {
            return new Position(epoch, sample);
        }

        @Override
        public void restore(Position p) {
            epoch = p.epoch();
            sample = p.sample();
        }

        @Override
        public void next(List<HostTensor> batch) {
            if (batches == failAt) {
                throw failure;
            }
            if (delayMillis > 0) {
                try {
                    Thread.sleep(delayMillis);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the feed must not interrupt its thread", e);
                }
            }
            float[] to = batch.get(0).floats();
            for (int i = 0; i < specs.get(0).shape().dim(0); i++) {
                to[i] = (float) value(size, epoch, sample);
                if (++sample == size) {
                    sample = 0;
                    epoch++;
                }
            }
            batches++;
        }

        @Override
        public void close() {
        }
    }

    static List<DataInput> inputs(Stream... streams) {
        List<DataInput> all = new ArrayList<>();
        for (Stream s : streams) {
            all.add(new DataInput("data" + all.size(), s, s.specs()));
        }
        return all;
    }

    /** Tensors in memory. */
    static final class Store implements Tensors {
        /** What every initializer gives here. */
        static final double INITIAL = 0.25;
        final Map<String, Array> map = new LinkedHashMap<>();

        Store with(String name, Array a) {
            map.put(name, a);
            return this;
        }

        @Override
        public List<String> names() {
            return List.copyOf(map.keySet());
        }

        @Override
        public Spec spec(String name) {
            return map.get(name).spec();
        }

        @Override
        public Array read(String name) {
            return map.get(name);
        }

        @Override
        public void write(String name, Array value) {
            if (!value.spec().equals(spec(name))) {
                throw new IllegalArgumentException(name + " is " + spec(name) + ", not " + value.spec());
            }
            map.put(name, value);
        }

        @Override
        public void initialize(String name) {
            map.put(name, Array.filled(spec(name), INITIAL));
        }
    }

    /** One weight that is pulled towards the samples, with momentum; depends on the step's number as dropout would. */
    static final class Model implements Steps {
        final Store parameters = new Store().with("ip___weight", Array.of(Shape.of(1, 1), 0.1f));
        final Store slots = new Store().with("ip___weight___momentum", Array.of(Shape.of(1, 1), 0f));
        final List<String> calls = new ArrayList<>();
        int objectiveReads;
        StatusReport report;
        long reportAt = -1;
        /** Whether what went wrong is known one batch late. */
        boolean late;
        boolean closed;
        private float gradient;
        private double loss;

        @Override
        public void accumulate(List<List<HostTensor>> batch, long step, int index) {
            float[] x = batch.get(0).get(0).floats();
            gradient = index == 0 ? 0 : gradient;
            loss = 0;
            for (int i = 0; i < x.length; i++) {
                float e = (float) parameters.read("ip___weight").at(0) - x[i] * (1 + step % 3);
                gradient += e / x.length;
                loss += e * e / x.length;
            }
            calls.add("a" + step + "." + index);
        }

        @Override
        public void apply(long iteration) {
            float h = (float) (0.9f * slots.read("ip___weight___momentum").at(0) - 0.01f * gradient);
            slots.write("ip___weight___momentum", Array.of(Shape.of(1, 1), h));
            parameters.write("ip___weight", Array.of(Shape.of(1, 1), (float) parameters.read("ip___weight").at(0) + h));
            calls.add("u" + iteration);
        }

        @Override
        public double objective() {
            objectiveReads++;
            return loss;
        }

        @Override
        public Optional<StatusReport> status() {
            return report != null && calls.contains("a" + reportAt + ".0") ? Optional.of(report) : Optional.empty();
        }

        @Override
        public Optional<StatusReport> known() {
            return !late || calls.contains("a" + (reportAt + 1) + ".0") ? status() : Optional.empty();
        }

        @Override
        public DataException explain(StatusReport r, List<List<HostTensor>> batch, long step) {
            return new DataException("layer loss: label " + r.value() + "; batch " + step + " starts with "
                    + batch.get(0).get(0).get(0));
        }

        @Override
        public Tensors slots() {
            return slots;
        }

        @Override
        public void set(String blob, HostTensor value) {
            calls.add(blob);
        }

        @Override
        public void freeze(Set<String> layers) {
            calls.add("freeze " + layers);
        }

        @Override
        public Set<String> freezable() {
            return Set.of("ip");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A rule that is never run. */
    record Rule() implements UpdateRule {
        @Override
        public void update(Graph g, Value parameter, Value gradient, Slots state) {
            throw new UnsupportedOperationException();
        }
    }

    /** Lines that a run gave. */
    static final class Lines implements ProgressListener {
        final List<String> lines = new ArrayList<>();

        @Override
        public void line(String text) {
            lines.add(text);
        }
    }

    /** A plain format under the name that snapshots ask for. */
    static final class PlainFormat implements Format {
        private static final String MAGIC = "plain-tensors";
        int failAfterBytes = -1;
        int cutBytes;

        @Override
        public String name() {
            return "hdf5";
        }

        @Override
        public boolean recognises(byte[] head) {
            return new String(head, StandardCharsets.ISO_8859_1).startsWith("\0" + (char) MAGIC.length() + MAGIC);
        }

        @Override
        public TensorFile read(Path file) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
            in.readUTF();
            Map<String, Array> tensors = new LinkedHashMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                String name = in.readUTF();
                DataType type = DataType.valueOf(in.readUTF());
                int[] dims = new int[in.readInt()];
                for (int i = 0; i < dims.length; i++) {
                    dims[i] = in.readInt();
                }
                HostTensor t = HostTensor.allocate(Spec.of(type, dims));
                for (int i = 0; i < t.elements(); i++) {
                    switch (type) {                              // each type by its own bits, so that every bit counts
                        case FLOAT32 -> t.floats()[i] = in.readFloat();
                        case FLOAT64 -> t.doubles()[i] = in.readDouble();
                        case INT32 -> t.set(i, in.readInt());
                        case INT64 -> t.longs()[i] = in.readLong();
                    }
                }
                tensors.put(name, t.toArray());
            }
            Map<String, String> attributes = new LinkedHashMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                attributes.put(in.readUTF(), in.readUTF());
            }
            return new TensorFile(tensors, attributes);
        }

        @Override
        public void write(Path file, TensorFile content) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(MAGIC);
            out.writeInt(content.tensors().size());
            for (var e : content.tensors().entrySet()) {
                out.writeUTF(e.getKey());
                out.writeUTF(e.getValue().spec().type().name());
                out.writeInt(e.getValue().shape().rank());
                for (int d : e.getValue().shape().dims()) {
                    out.writeInt(d);
                }
                HostTensor t = HostTensor.allocate(e.getValue().spec());
                e.getValue().copyTo(t);
                for (int i = 0; i < t.elements(); i++) {
                    switch (t.spec().type()) {
                        case FLOAT32 -> out.writeFloat(t.floats()[i]);
                        case FLOAT64 -> out.writeDouble(t.doubles()[i]);
                        case INT32 -> out.writeInt((int) t.get(i));
                        case INT64 -> out.writeLong(t.longs()[i]);
                    }
                }
            }
            out.writeInt(content.attributes().size());
            for (var e : content.attributes().entrySet()) {
                out.writeUTF(e.getKey());
                out.writeUTF(e.getValue());
            }
            byte[] all = bytes.toByteArray();
            if (failAfterBytes >= 0) {
                Files.write(file, java.util.Arrays.copyOf(all, failAfterBytes));
                throw new IOException("No space left on device");
            }
            Files.write(file, java.util.Arrays.copyOf(all, all.length - cutBytes));
        }
    }

    static Catalog catalog(Format format) {
        Plugin plugin = new Plugin() {
            @Override
            public PluginInfo info() {
                return new PluginInfo("", "9.9", "for tests");
            }

            @Override
            public void register(Registrar r) {
                r.types(Rule.class);
                r.format(format);
            }
        };
        return Catalog.of(List.of(LoadedPlugin.of(plugin, "test-bundle", "9.9")));
    }

    /** A solver of a fake model on a fake stream. */
    static Solver solver(Model model, Stream stream, int iterations, int accumulate, Path output, Lines lines,
                         Catalog catalog, BreakConfig... breaks) {
        return solver("fake", 1, model, stream, iterations, accumulate, output, lines, catalog, breaks);
    }

    static Solver solver(String name, long seed, Model model, Stream stream, int iterations, int accumulate,
            Path output,
                         Lines lines, Catalog catalog, BreakConfig... breaks) {
        return solver(name, seed, new SolverConfig(new Rule(), iterations, null, Policy.of(0.01), null, accumulate),
                model, stream,
                output, lines, catalog, breaks);
    }

    static Solver solver(String name, long seed, SolverConfig config, Model model, Stream stream, Path output,
            Lines lines,
                         Catalog catalog, BreakConfig... breaks) {
        Subject subject = new Subject(name, List.of(), inputs(stream), model.parameters, catalog, seed, null);
        return new Solver(subject, config, List.of(breaks), null, output, lines, lounge -> model);
    }
}
