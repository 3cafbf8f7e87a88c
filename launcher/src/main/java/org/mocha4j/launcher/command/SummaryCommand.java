package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Flops;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mocha summary NET}: the layers with shapes, parameters and arithmetic, and the memory that is planned. */
@Command(name = "summary", sortOptions = false,
    description = "Shows a net's layers, shapes, parameters, arithmetic and planned memory.")
final class SummaryCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Mixin private Shapes shapes;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    SummaryCommand(Host host) {
        this.host = host;
    }

    /** A layer in the phases that have it. @param flops of one sample, forward */
    private record Row(String layer, String type, String phase, List<Spec> outputs, long parameters, long flops) { }

    /**
     * What the programs of one phase need.
     *
     * @param all         bytes on the device at once, everything included
     * @param planned     of these, activations and work space
     * @param activations of those, what lives from step to step
     * @param parameters  of all, parameters and states
     * @param samples     of a batch
     * @param steps       of a batch of training or inference
     */
    private record Cost(long all, long planned, long activations, long parameters, int samples, List<StepInfo> steps) {
        long forward(String layer) {
            return steps.stream().filter(s -> s.direction() == StepInfo.Direction.FORWARD)
                .filter(s -> layer == null || layer.equals(s.layer()))
                .mapToLong(s -> s.flops().products()).sum() / samples;
        }

        long step() {
            return Flops.sum(steps).products();
        }
    }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        NetFile file = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(device, file.experiment(), host.environment());
        Map<String, Row> rows = new LinkedHashMap<>();
        Map<Phase, Cost> costs = new LinkedHashMap<>();
        try (Inspection look = new Inspection(catalog, file, settings, shapes.map())) {
            for (Phase phase : Phase.values()) {
                if (look.has(phase)) {
                    try (Net net = look.net(phase)) {
                        Cost cost = cost(look, net);
                        costs.put(phase, cost);
                        look.replaced(phase).forEach((n, specs) -> rows.putIfAbsent(n.name() + " " + n.phase(),
                            row(new LayerInfo(n, List.of(), specs, 0), cost, catalog)));
                        net.layers().forEach(l ->
                            rows.putIfAbsent(l.node().name() + " " + l.node().phase(), row(l, cost, catalog)));
                    }
                }
            }
        }
        if (arguments.json) {
            host.out().println(Json.text(json(file, settings, rows, costs)));
        } else {
            print(file, settings, List.copyOf(rows.values()), costs);
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private static Row row(LayerInfo l, Cost cost, Catalog catalog) {
        return new Row(l.node().name(), type(catalog, l.node().layer()) + (l.node().neuron() == null ? ""
            : " + " + type(catalog, l.node().neuron())),
            l.node().phase() == null ? "" : l.node().phase().name().toLowerCase(Locale.ROOT),
            l.outputs(), l.parameters(), cost.forward(l.node().name()));
    }

    private static String type(Catalog catalog, Object record) {
        return catalog.origin(record.getClass()).map(e -> e.name()).orElse(record.getClass().getSimpleName());
    }

    private static Cost cost(Inspection look, Net net) {
        long parameters = net.parameters().names().stream().mapToLong(n -> net.parameters().spec(n).bytes()).sum();
        int samples = look.samples(net);
        if (net.phase() == Phase.TRAIN && look.solver().isPresent()) {
            try (Training t = Inspection.training(net, look.solver().get())) {
                List<StepInfo> steps = t.explain().values().stream().flatMap(List::stream).toList();
                return new Cost(look.session().liveBytes(), t.plannedBytes(), t.activationBytes(), parameters, samples,
                    steps);
            }
        }
        try (Execution e = net.rehearsal()) {
            return new Cost(look.session().liveBytes(), e.plannedBytes(), e.activationBytes(), parameters, samples,
                e.explain());
        }
    }

    private static long parameters(Iterable<Row> rows) {
        long sum = 0;
        for (Row r : rows) {
            sum += r.parameters();
        }
        return sum;
    }

    private void print(NetFile file, Settings settings, List<Row> rows, Map<Phase, Cost> costs) {
        boolean phases = rows.stream().anyMatch(r -> !r.phase().isEmpty());
        List<List<String>> table = new ArrayList<>();
        table.add(phases ? List.of("Layer", "Type", "Phase", "Output", ">Parameters", ">Forward/sample")
            : List.of("Layer", "Type", "Output", ">Parameters", ">Forward/sample"));
        for (Row r : rows) {
            String outputs = r.outputs().stream().map(s -> s.shape().toString()).collect(Collectors.joining(", "));
            String parameters = r.parameters() == 0 ? "" : Text.number(r.parameters());
            String flops = r.flops() == 0 ? "" : Text.flops(r.flops());
            table.add(phases ? List.of(r.layer(), r.type(), r.phase(), outputs, parameters, flops)
                : List.of(r.layer(), r.type(), outputs, parameters, flops));
        }
        Text.table(table).forEach(host.out()::println);
        long count = parameters(rows);
        host.out().println();
        host.out().println(file.name() + ": " + rows.size() + " layers, " + Text.number(count) + " parameters ("
            + Text.bytes(count * settings.type().value().bytes()) + " as "
            + settings.type().value().name().toLowerCase(Locale.ROOT) + ")");
        costs.forEach((phase, c) -> host.out().println("Arithmetic to " + phase.name().toLowerCase(Locale.ROOT) + ": "
            + Text.flops(c.forward(null)) + " a sample forward, " + Text.flops(c.step()) + " a step with batches of "
            + c.samples()));
        costs.forEach((phase, c) -> host.out().println("Memory to " + phase.name().toLowerCase(Locale.ROOT) + ": "
            + Text.bytes(c.all()) + " at its peak: " + Text.bytes(c.parameters()) + " parameters, "
            + Text.bytes(c.activations()) + " activations, "
            + Text.bytes(c.planned() - c.activations()) + " work space, "
            + Text.bytes(c.all() - c.planned() - c.parameters())
            + (phase == Phase.TRAIN ? " gradients, solver state and data" : " data")));
        host.out().println("Arithmetic is that of convolutions and matrix products; a multiply-add counts 2.");
    }

    private static Map<String, Object> json(NetFile file, Settings settings, Map<String, Row> rows,
                                            Map<Phase, Cost> costs) {
        Map<String, Object> bytes = Json.map();
        Map<String, Object> flops = Json.map();
        costs.forEach((phase, c) -> {
            bytes.put(phase.name().toLowerCase(Locale.ROOT), Json.map("parameterBytes", c.parameters(),
                "activationBytes", c.activations(), "plannedBytes", c.planned(), "allBytes", c.all()));
            flops.put(phase.name().toLowerCase(Locale.ROOT), Json.map("samples", c.samples(), "forwardPerSample",
                c.forward(null), "step", c.step()));
        });
        return Json.map("net", file.name(), "type", settings.type().value().name().toLowerCase(Locale.ROOT),
            "parameters", parameters(rows.values()), "memory", bytes, "flops", flops,
            "layers", rows.values().stream().map(r -> Json.map("name", r.layer(), "type", r.type(), "phase", r.phase(),
                "outputs", r.outputs().stream().map(s -> java.util.Arrays.stream(s.shape().dims()).boxed().toList())
                    .toList(),
                "parameters", r.parameters(), "forwardFlopsPerSample", r.flops())).toList());
    }
}
