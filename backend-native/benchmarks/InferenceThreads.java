import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.ops.LRN.Mode;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.initializers.InitializersPlugin;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.LRN;
import org.mocha4j.layers.LayersPlugin;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.nativecpu.NativePlugin;
import org.mocha4j.neurons.NeuronsPlugin;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Predictor;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/**
 * How many batches a second a net answers when one thread asks, and when eight do at once. Of a built clone:
 *
 * <pre>
 * M=launcher/target/mocha
 * java -cp "$M/bundles/*:$M/lib/*" backend-native/benchmarks/InferenceThreads.java [SECONDS [ROUNDS]]
 * </pre>
 *
 * <p>A round measures one caller with an execution, eight that share a predictor, and eight with an execution each, on
 * a device of all threads, for LeNet and CIFAR-10's net with batches of 1 and 64; the medians of the rounds are
 * printed, and of the rounds' ratios to one caller. Answers are compared.
 */
public final class InferenceThreads {
    private InferenceThreads() {
    }

    /** @param predictor whether callers share one, or have an execution each */
    private record Setup(String name, int threads, int callers, boolean predictor) {
    }

    public static void main(String[] args) throws Exception {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int all = Runtime.getRuntime().availableProcessors();
        List<Setup> setups = List.of(new Setup("1 caller", all, 1, false), new Setup("8 callers, one predictor", all, 8, true),
                new Setup("8 callers, an execution each", all, 8, false));
        for (String name : List.of("LeNet", "CIFAR-10")) {
            for (int batch : new int[] {1, 64}) {
                double[][] rates = new double[setups.size()][rounds];
                for (int r = 0; r < rounds; r++) {
                    for (int i = 0; i < setups.size(); i++) {
                        rates[i][r] = rate(name, batch, setups.get(i), seconds);
                    }
                }
                double[][] ratios = new double[setups.size()][rounds];
                for (int i = 0; i < setups.size(); i++) {
                    for (int r = 0; r < rounds; r++) {
                        ratios[i][r] = rates[i][r] / rates[0][r];
                    }
                }
                for (int i = 0; i < setups.size(); i++) {
                    Arrays.sort(rates[i]);
                    Arrays.sort(ratios[i]);
                    System.out.printf(Locale.ROOT, "%s, batch %d, %s: %.0f a second (%.0f to %.0f), %.2f of one caller%n",
                            name, batch, setups.get(i).name, rates[i][rounds / 2], rates[i][0], rates[i][rounds - 1],
                            ratios[i][rounds / 2]);
                }
            }
        }
    }

    private static double rate(String name, int batch, Setup setup, double seconds) throws Exception {
        List<Plugin> plugins = List.of(new NativePlugin(), new LayersPlugin(), new NeuronsPlugin(),
                new InitializersPlugin());
        Catalog catalog = Catalog.of(plugins.stream().map(p -> LoadedPlugin.of(p, p.getClass().getSimpleName(), "0"))
                .toList());
        boolean digits = name.equals("LeNet");
        Shape shape = digits ? Shape.of(batch, 1, 28, 28) : Shape.of(batch, 3, 32, 32);
        ExecutorService callers = Executors.newFixedThreadPool(setup.callers);
        SessionOptions options = SessionOptions.of("native").device(DeviceOptions.threads(setup.threads));
        try (Session s = Session.open(catalog, options);
                Net net = s.net(name, Phase.TEST, digits ? leNet(shape) : cifar10(shape));
                Predictor shared = net.predictor(List.of("out"))) {
            List<Callable<Long>> jobs = new ArrayList<>();
            AtomicLong end = new AtomicLong(Long.MAX_VALUE);
            for (int i = 0; i < setup.callers; i++) {
                Array x = Array.filled(new Spec(DataType.FLOAT32, shape), 0.1 * (i + 1));
                jobs.add(() -> setup.predictor ? answers(shared, x, end) : answers(net, x, end));
            }
            end.set(System.nanoTime() + (long) (seconds * 3e8));
            callers.invokeAll(jobs);
            long start = System.nanoTime();
            end.set(start + (long) (seconds * 1e9));
            long count = 0;
            for (Future<Long> f : callers.invokeAll(jobs)) {
                count += f.get();
            }
            return count / ((System.nanoTime() - start) * 1e-9);
        } finally {
            callers.shutdown();
        }
    }

    private static long answers(Net net, Array x, AtomicLong end) {
        try (Execution e = net.inference(Map.of("data", x.shape()), List.of("out"))) {
            return answers(() -> {
                e.set("data", x);
                e.run(0);
                return e.read("out").toArray();
            }, end);
        }
    }

    private static long answers(Predictor p, Array x, AtomicLong end) {
        return answers(() -> p.predict(Map.of("data", x)).get("out"), end);
    }

    private static long answers(Supplier<Array> ask, AtomicLong end) {
        long count = 0;
        Array first = null;
        do {
            Array y = ask.get();
            if (first != null && !first.equals(y)) {
                throw new IllegalStateException("a caller got another answer than before");
            }
            first = y;
            count++;
        } while (System.nanoTime() < end.get());
        return count;
    }

    private static Node data(Shape shape) {
        Array nothing = Array.filled(new Spec(DataType.FLOAT32, shape), 0);
        return Node.source("source", new MemoryData(shape.dim(0), nothing), "data");
    }

    private static List<Node> leNet(Shape shape) {
        return List.of(data(shape), Node.of("conv1", new Convolution(20, Window.of(5)), "data", "conv1"),
                Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1", "pool1"),
                Node.of("conv2", new Convolution(50, Window.of(5)), "pool1", "conv2"),
                Node.of("pool2", new Pooling(Window.of(2, 2)), "conv2", "pool2"),
                Node.of("ip1", new InnerProduct(500), "pool2", "ip1").with(new ReLU()),
                Node.of("ip2", new InnerProduct(10), "ip1", "out"));
    }

    private static List<Node> cifar10(Shape shape) {
        LRN norm = new LRN(3, 5e-5, null, 0.75, Mode.WITHIN_CHANNEL);
        return List.of(data(shape), Node.of("conv1", new Convolution(32, Window.of(5, 1, 2)), "data", "conv1"),
                Node.of("pool1", new Pooling(Window.of(3, 2)), "conv1", "pool1").with(new ReLU()),
                Node.of("norm1", norm, "pool1", "norm1"),
                Node.of("conv2", new Convolution(32, Window.of(5, 1, 2)), "norm1", "conv2").with(new ReLU()),
                Node.of("pool2", new Pooling(Window.of(3, 2), Kind.MEAN), "conv2", "pool2"),
                Node.of("norm2", norm, "pool2", "norm2"),
                Node.of("conv3", new Convolution(64, Window.of(5, 1, 2)), "norm2", "conv3").with(new ReLU()),
                Node.of("pool3", new Pooling(Window.of(3, 2), Kind.MEAN), "conv3", "pool3"),
                Node.of("ip1", new InnerProduct(10), "pool3", "out"));
    }
}
