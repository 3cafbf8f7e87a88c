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
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mocha summary NET}: the layers with their shapes and parameters, and the memory that is planned. */
@Command(name = "summary", sortOptions = false,
    description = "Shows a net's layers, shapes, parameters and planned memory.")
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

    /** A layer in the phases that have it. */
    private record Row(String layer, String type, String phase, List<Spec> outputs, long parameters) { }

    /** Bytes on the device for one phase: the planned working memory, and all with parameters, gradients and state. */
    private record Memory(long planned, long all) { }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        NetFile file = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(device, file.experiment(), host.environment());
        Map<String, Row> rows = new LinkedHashMap<>();
        Map<Phase, Memory> memory = new LinkedHashMap<>();
        try (Inspection look = new Inspection(catalog, file, settings, shapes.map())) {
            for (Phase phase : Phase.values()) {
                if (look.has(phase)) {
                    try (Net net = look.net(phase)) {
                        look.replaced(phase).forEach((n, specs) -> rows.putIfAbsent(n.name() + " " + n.phase(),
                            row(new LayerInfo(n, List.of(), specs, 0), catalog)));
                        net.layers().forEach(l ->
                            rows.putIfAbsent(l.node().name() + " " + l.node().phase(), row(l, catalog)));
                        memory.put(phase, memory(look, net));
                    }
                }
            }
        }
        if (arguments.json) {
            host.out().println(Json.text(json(file, settings, rows, memory)));
        } else {
            print(file, settings, List.copyOf(rows.values()), memory);
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private static Row row(LayerInfo l, Catalog catalog) {
        return new Row(l.node().name(), type(catalog, l.node().layer()) + (l.node().neuron() == null ? ""
            : " + " + type(catalog, l.node().neuron())),
            l.node().phase() == null ? "" : l.node().phase().name().toLowerCase(Locale.ROOT),
            l.outputs(), l.parameters());
    }

    private static String type(Catalog catalog, Object record) {
        return catalog.origin(record.getClass()).map(e -> e.name()).orElse(record.getClass().getSimpleName());
    }

    private static Memory memory(Inspection look, Net net) {
        if (net.phase() == Phase.TRAIN && look.solver().isPresent()) {
            try (Training t = Inspection.training(net, look.solver().get())) {
                return new Memory(t.plannedBytes(), look.session().liveBytes());
            }
        }
        try (Execution e = Inspection.execution(net)) {
            return new Memory(e.plannedBytes(), look.session().liveBytes());
        }
    }

    private static long parameters(Iterable<Row> rows) {
        long sum = 0;
        for (Row r : rows) {
            sum += r.parameters();
        }
        return sum;
    }

    private void print(NetFile file, Settings settings, List<Row> rows, Map<Phase, Memory> memory) {
        boolean phases = rows.stream().anyMatch(r -> !r.phase().isEmpty());
        List<List<String>> table = new ArrayList<>();
        table.add(phases ? List.of("Layer", "Type", "Phase", "Output", ">Parameters")
            : List.of("Layer", "Type", "Output", ">Parameters"));
        for (Row r : rows) {
            String outputs = r.outputs().stream().map(s -> s.shape().toString()).collect(Collectors.joining(", "));
            String parameters = r.parameters() == 0 ? "" : Text.number(r.parameters());
            table.add(phases ? List.of(r.layer(), r.type(), r.phase(), outputs, parameters)
                : List.of(r.layer(), r.type(), outputs, parameters));
        }
        Text.table(table).forEach(host.out()::println);
        long count = parameters(rows);
        host.out().println();
        host.out().println(file.name() + ": " + rows.size() + " layers, " + Text.number(count) + " parameters ("
            + Text.bytes(count * settings.type().value().bytes()) + " as "
            + settings.type().value().name().toLowerCase(Locale.ROOT) + ")");
        memory.forEach((phase, m) -> host.out().println("Memory to " + phase.name().toLowerCase(Locale.ROOT) + ": "
            + Text.bytes(m.all()) + ", of which " + Text.bytes(m.planned()) + " activations and work space"));
    }

    private static Map<String, Object> json(NetFile file, Settings settings, Map<String, Row> rows,
                                            Map<Phase, Memory> memory) {
        Map<String, Object> bytes = Json.map();
        memory.forEach((phase, m) -> bytes.put(phase.name().toLowerCase(Locale.ROOT),
            Json.map("plannedBytes", m.planned(), "allBytes", m.all())));
        return Json.map("net", file.name(), "type", settings.type().value().name().toLowerCase(Locale.ROOT),
            "parameters", parameters(rows.values()), "memory", bytes,
            "layers", rows.values().stream().map(r -> Json.map("name", r.layer(), "type", r.type(), "phase", r.phase(),
                "outputs", r.outputs().stream().map(s -> java.util.Arrays.stream(s.shape().dims()).boxed().toList())
                    .toList(),
                "parameters", r.parameters())).toList());
    }
}
