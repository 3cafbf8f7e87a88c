package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.launcher.command.GradientCheck.Row;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mocha check-gradients NET}: the gradients that are computed against those that are measured. */
@Command(name = "check-gradients", sortOptions = false,
    description = "Compares the gradients of a net's parameters with central differences, in float64.",
    footer = {"", "On the first batch of a file's data. With --shape, and for examples, on random numbers.",
        "An error is |analytic - numeric| / max(1, |analytic|, |numeric|); exit code 1 if one is above 1e-6. "
        + "Places near a kink, as ReLU and max pooling have them, say nothing; they are passed over, counted, and "
        + "replaced by others. Parameters of equal numbers, such as biases of zeros, are moved by up to 0.1 first."})
final class CheckGradientsCommand implements Callable<Integer> {
    /** Enough for every path through an example, and soon done. */
    private static final String EXAMPLE_BATCH = "layers.train-data.batchSize=4";

    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Option(names = "--samples", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Places to check in each parameter; default: 10.") private int samples = 10;
    @Mixin private Shapes shapes;
    @Option(names = "--backend", paramLabel = "NAME", description = "Where to compute; default: auto. Also "
        + "MOCHA_BACKEND.") private String backend;
    @Option(names = "--threads", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Threads to compute with; default: the backend decides. Also MOCHA_THREADS.")
    private Integer threads;
    @Option(names = "--deterministic", description = "The same bits whatever the number of threads, also where that is "
        + "slower.") private boolean deterministic;
    @Option(names = "--seed", paramLabel = "N", description = "Seed of initial parameters, places and random data; "
        + "default: the file's, else 1.") private Long seed;
    @Mixin private OverrideArguments arguments;

    CheckGradientsCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        List<String> set = new ArrayList<>();
        if (Example.named(name).isPresent()) {
            set.add(EXAMPLE_BATCH);
        }
        set.addAll(arguments.set);
        NetFile file = NetFile.read(name, set, catalog);
        DeviceArguments device = new DeviceArguments();
        device.backend = backend;
        device.threads = threads;
        device.deterministic = deterministic;
        device.seed = seed;
        device.type = DataType.FLOAT64;
        Settings settings = Settings.of(device, file.experiment(), host.environment());
        try (Inspection look = new Inspection(catalog, file, settings, shapes.map())) {
            host.out().println("Backend " + look.session().selection());
            return report(file, rows(file, look, settings.seed().value()));
        }
    }

    private List<Row> rows(NetFile file, Inspection look, long number) {
        Map<String, Shape> fed = file.options(Phase.TRAIN, look.nodes(), shapes.map()).shapes();
        if (fed.isEmpty()) {
            try (Net net = look.net(Phase.TRAIN)) {
                host.out().println("Batch: the first of the data");
                return GradientCheck.run(net, samples, number);
            }
        }
        List<LayerInfo> layers;
        try (Net net = look.net(Phase.TRAIN)) {
            layers = net.layers();
        }
        List<Node> nodes = RandomData.replace(look.nodes(), fed, layers, number);
        try (Net net = look.session().net(file.name(), Phase.TRAIN, nodes, new NetOptions(file::where, Map.of()))) {
            host.out().println("Batch: random numbers");
            return GradientCheck.run(net, samples, number);
        }
    }

    private int report(NetFile file, List<Row> rows) {
        if (rows.isEmpty()) {
            throw new ConfigurationException(file.name() + " has no parameter that is trained, so no "
                + "gradient to check");
        }
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("Parameter", "Shape", ">Checked", ">Kinks", ">Largest gradient", ">Worst error"));
        rows.forEach(r -> table.add(List.of(r.parameter(), r.spec().shape().toString(), Integer.toString(r.checked()),
            Integer.toString(r.kinks()), r.checked() == 0 ? "" : number(r.largest()),
            r.checked() == 0 ? "" : number(r.error()))));
        Text.table(table).forEach(host.out()::println);
        host.out().println();
        int kinks = rows.stream().mapToInt(Row::kinks).sum();
        String passed = kinks == 0 ? "" : "; " + kinks + (kinks == 1 ? " place" : " places")
            + " near a kink passed over";
        List<Row> wrong = rows.stream().filter(r -> !r.right()).toList();
        if (wrong.isEmpty()) {
            host.out().println(file.name() + ": the gradients of " + rows.size() + " parameters are right at "
                + rows.stream().mapToInt(Row::checked).sum() + " places" + passed);
        }
        host.out().flush();
        wrong.forEach(r -> host.err().println("mocha: " + text(r)));
        if (!wrong.isEmpty()) {
            host.err().println("mocha: " + file.name() + ": " + wrong.size() + " of " + rows.size()
                + " parameters failed the check" + passed);
        }
        return wrong.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static String text(Row r) {
        return r.checked() == 0 ? r.parameter() + ": all " + r.kinks() + " places tried are near a kink, so nothing "
            + "could be compared; another --seed or other data may help"
            : r.parameter() + ", element " + r.place() + ": the gradient is " + r.analytic() + ", measured "
            + r.numeric();
    }

    private static String number(double v) {
        return String.format(Locale.ROOT, "%.1e", v);
    }
}
