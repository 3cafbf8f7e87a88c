package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mocha explain NET}: what is computed, step by step, by which kernel, and why not by another. */
@Command(name = "explain", sortOptions = false,
    description = "Shows the steps of a net's programs: kernels, layouts, refusals, copies to the host.")
final class ExplainCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Mixin private Shapes shapes;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    ExplainCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        NetFile file = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(device, file.experiment(), host.environment());
        try (Inspection look = new Inspection(catalog, file, settings, shapes.map())) {
            Map<String, List<StepInfo>> programs = programs(look);
            if (arguments.json) {
                host.out().println(Json.text(json(file, look, programs)));
            } else {
                print(look, programs);
            }
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private static Map<String, List<StepInfo>> programs(Inspection look) {
        Map<String, List<StepInfo>> programs = new LinkedHashMap<>();
        if (look.solver().isPresent()) {
            try (Net net = look.net(Phase.TRAIN); Training t = Inspection.training(net, look.solver().get())) {
                t.explain().forEach((program, steps) -> programs.put("train " + program, steps));
            }
        }
        if (look.has(Phase.TEST)) {
            try (Net net = look.net(Phase.TEST); Execution e = Inspection.execution(net)) {
                programs.put("test", e.explain());
            }
        }
        return programs;
    }

    /** {@code float32[64, 1, 28, 28] plain} as {@code 64x1x28x28}, any other type or layout as it is. */
    private static String brief(String layout, String type) {
        Matcher m = Pattern.compile(Pattern.quote(type) + "\\[([\\d, ]*)\\] plain").matcher(layout);
        return !m.matches() ? layout : m.group(1).isEmpty() ? "scalar" : m.group(1).replace(", ", "x");
    }

    private void print(Inspection look, Map<String, List<StepInfo>> programs) {
        String type = look.session().type().name().toLowerCase(Locale.ROOT);
        host.out().println("Backend " + look.session().selection());
        host.out().println("Device " + look.session().device().description());
        programs.forEach((program, steps) -> {
            host.out().println();
            long copies = steps.stream().filter(s -> s.kernel().startsWith("host kernel")).count();
            host.out().println("Program " + program + ": " + steps.size() + " steps"
                + (copies == 0 ? "" : ", " + copies + " of them on the host with copies to and fro"));
            List<List<String>> table = new ArrayList<>();
            table.add(List.of("Layer", "Op", "Kernel", "Inputs -> outputs (row-major " + type + " unless stated)"));
            steps.forEach(s -> table.add(List.of(s.layer() == null ? "" : s.layer(), s.op(), s.kernel(),
                String.join(" ", s.layouts().stream().map(l -> brief(l, type)).toList()))));
            List<String> lines = Text.table(table);
            host.out().println(lines.get(0));
            host.out().println(lines.get(1));
            for (int i = 0; i < steps.size(); i++) {
                host.out().println(lines.get(i + 2));
                steps.get(i).refusals().forEach(r -> host.out().println("    not " + r));
            }
        });
    }

    private static Map<String, Object> json(NetFile file, Inspection look, Map<String, List<StepInfo>> programs) {
        Map<String, Object> all = Json.map();
        programs.forEach((program, steps) -> all.put(program, steps.stream().map(s -> Json.map("layer", s.layer(),
            "op", s.op(), "kernel", s.kernel(), "layouts", s.layouts(), "refusals", s.refusals())).toList()));
        return Json.map("net", file.name(), "backend", look.session().backend(),
            "selection", look.session().selection(),
            "device", look.session().device().description(), "programs", all);
    }
}
