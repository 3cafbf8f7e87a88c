package org.mocha4j.it.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.PluginSource;
import org.mocha4j.runtime.PluginState;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.runtime.config.Bound;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.train.ProgressListener;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;

/**
 * A program that uses Mocha4J, wherever it is put: in a bundle, on the class path or on the module path. It is spoken
 * to in types of the JDK, because the tests have other classes of the same names than it sees.
 *
 * <p>Request: {@code plugins}, where they are found: a PluginSource, a module layer, a class loader, or a list of these
 * and folders; {@code net}, a file; {@code set}, overrides; {@code backend}; {@code built}, what to do when the net
 * stands; {@code step}, what to do after each iteration. A request without a net asks for the plug-ins only.
 *
 * <p>Answer: {@code plugins}, their states; {@code losses}; {@code parameters} by name; {@code explain}, lines {@code
 * layer op kernel}; {@code scores}, the net's output for one constant image, by a program that is made after the
 * training.
 */
public final class TrainingDriver implements Function<Map<String, Object>, Map<String, Object>> {
    @Override
    public Map<String, Object> apply(Map<String, Object> request) {
        Catalog catalog = Catalog.of(plugins(request.get("plugins")));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("plugins", catalog.plugins().stream().map(PluginState::toString).toList());
        if (request.get("net") instanceof Path net) {
            train(catalog, net, request, answer);
        }
        return answer;
    }

    private static List<LoadedPlugin> plugins(Object from) {
        if (from instanceof List<?> several) {
            return several.stream().flatMap(f -> plugins(f).stream()).toList();
        }
        if (from instanceof PluginSource source) {
            return source.snapshot().plugins();
        }
        if (from instanceof Path folder) {
            return PluginLoader.load(folder);
        }
        return from instanceof ModuleLayer layer ? PluginLoader.load(layer) : PluginLoader.load((ClassLoader) from);
    }

    private static void train(Catalog catalog, Path file, Map<String, Object> request, Map<String, Object> answer) {
        Bound<Experiment> bound = Experiment.read(file, strings(request.getOrDefault("set", List.of())), catalog);
        Experiment e = bound.get();
        SessionOptions options = SessionOptions.of((String) request.getOrDefault("backend", "cpu")).type(e.type())
            .seed(e.seed()).base(Experiment.folder(file)).device(DeviceOptions.threads(1));
        NetOptions where = new NetOptions(n -> bound.positions().of(n).map(Object::toString).orElse(null), Map.of());
        try (Session session = Session.open(catalog, options);
                Net net = session.net(e.name(), Phase.TRAIN, e.nodes(bound.positions()), where)) {
            ((Runnable) request.getOrDefault("built", (Runnable) () -> { })).run();
            answer.put("explain", explain(net, e.solver()));
            answer.put("losses", solve(net, e, (LongConsumer) request.getOrDefault("step", (LongConsumer) i -> { })));
            Map<String, double[]> parameters = new LinkedHashMap<>();
            net.parameters().names().forEach(n -> parameters.put(n, net.parameters().read(n).toDoubles()));
            answer.put("parameters", parameters);
            answer.put("scores", scores(net));
        }
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private static List<String> explain(Net net, SolverConfig s) {
        List<String> lines = new ArrayList<>();
        try (Training t = net.training(new TrainingOptions(s.rule(), s.regularization(), s.rate(), s.gradients(),
                s.accumulate()))) {
            t.explain().get("accumulate").forEach(i -> lines.add(i.layer() + " " + i.op() + " " + i.kernel()));
        }
        return lines;
    }

    private static double[] solve(Net net, Experiment e, LongConsumer after) {
        double[] losses = new double[e.solver().iterations()];
        ProgressListener listener = new ProgressListener() {
            @Override
            public void line(String text) { }

            @Override
            public void step(long iteration, long total, long samples, DoubleSupplier objective) {
                losses[(int) iteration - 1] = objective.getAsDouble();
                after.accept(iteration);
            }
        };
        try (Solver solver = new Solver(net, e.solver(), e.breaks(), null, null, listener)) {
            solver.solve();
        }
        return losses;
    }

    private static double[] scores(Net net) {
        Shape image = Shape.of(1, 1, 28, 28);
        try (Execution x = net.inference(Map.of("data", image), List.of("ip2"))) {
            float[] ink = new float[28 * 28];
            java.util.Arrays.fill(ink, 0.5f);
            x.set("data", Array.of(image, ink));
            x.run(0);
            HostTensor scores = x.read("ip2");
            return scores.toArray().toDoubles();
        }
    }
}
