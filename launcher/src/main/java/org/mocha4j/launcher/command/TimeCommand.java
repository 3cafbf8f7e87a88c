package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Phase;
import org.mocha4j.launcher.command.Timing.OpTime;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Flops;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.StepInfo.Direction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code mocha time NET}: how long a step takes, where the time goes, and what the machine could do. */
@Command(name = "time", sortOptions = false,
    description = "Times a step of a net: whole, op by op, and against the machine's matrix product.",
    footer = {"", "Examples are fed random numbers; the net in a file its first batch of data, or random",
        "numbers where --shape takes the place of data. Nothing is written. Ops are timed one by one",
        "in passes of their own, so that their sum may differ from the time of a whole step."})
final class TimeCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Option(names = "--phase", paramLabel = "PHASE", converter = PhaseName.class,
        description = "train (forward, backward, update) or test (forward); default: train, if there is a solver.")
    private Phase phase;
    @Option(names = "--steps", paramLabel = "N", converter = DeviceArguments.Count.class, defaultValue = "30",
        description = "Steps to time; default: 30.") private int steps;
    @Option(names = "--warmup", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Steps before those that count; default: as many as fit into 4 s, at least 30.")
    private Integer warmup;
    @Mixin private Shapes shapes;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    TimeCommand(Host host) {
        this.host = host;
    }

    static final class PhaseName implements ITypeConverter<Phase> {
        @Override public Phase convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "train" -> Phase.TRAIN;
                case "test" -> Phase.TEST;
                default -> throw new TypeConversionException("expected train or test, found [" + text + "]");
            };
        }
    }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        NetFile file = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(device, file.experiment(), host.environment());
        try (Inspection look = new Inspection(catalog, file, settings, shapes.map())) {
            Phase p = phase != null ? phase : look.solver().isPresent() ? Phase.TRAIN : Phase.TEST;
            if (p == Phase.TRAIN && look.solver().isEmpty()) {
                throw new ConfigurationException(file.shown() + " has no solver, so there is no training step to time; "
                    + "add one, or give --phase test");
            }
            try (Net net = look.net(p)) {
                StandInData data = new StandInData(net, look.fed(p), look.session().seed());
                try (Stepper stepper = p == Phase.TRAIN ? Stepper.training(net, look.solver().get(), data)
                        : Stepper.inference(net, data)) {
                    Timing t = Timing.measure(look.session(), stepper, warmup, steps);
                    int samples = look.samples(net) * (p == Phase.TRAIN ? look.solver().get().accumulate() : 1);
                    if (arguments.json) {
                        host.out().println(Json.text(json(file, look.session(), p, samples, data, t)));
                    } else {
                        print(file, look.session(), p, samples, data, t);
                    }
                }
            }
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private void print(NetFile file, Session session, Phase p, int samples, StandInData data, Timing t) {
        String type = session.type().name().toLowerCase(Locale.ROOT);
        String product = format("%.1f GFLOP/s", t.matmulGflops());
        line("%s: a step of %s", file.name(), p == Phase.TRAIN ? "training, forward, backward and update"
            : "inference, forward only");
        line("Device  %s", session.device().description());
        line("Data    %s", data.text());
        line("Step    %.2f ms median, %.2f minimum, %.2f maximum, of %d after %d to warm up; %s samples/s",
            t.stepMedian(), t.stepMin(), t.stepMax(), t.steps().length, t.warmup(),
            Text.number(Math.round(samples / t.stepMedian() * 1e3)));
        if (t.flops().products() > 0) {
            line("Speed   %s of convolutions and matrix products in a step: %.1f GFLOP/s",
                Text.flops(t.flops().products()), t.gflops());
            line("        %.1f %% of the %s of a %s matrix product of %d x %4$d here and now",
                100 * t.share(), product, type, Timing.MATRIX);
        } else {
            line("Speed   no convolutions or matrix products in a step; a %s matrix product of %d x %2$d: %s", type,
                Timing.MATRIX, product);
        }
        line("");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("Layer", "Op", "Direction", ">ms", ">Share", ">MFLOP", ">GFLOP/s", "Kernel"));
        for (OpTime o : t.slowestFirst()) {
            StepInfo s = o.entry().step();
            table.add(row(s.layer() == null ? "" : s.layer(), s.op() + (o.entry().times() > 1 ? " x" + o.entry().times()
                : ""), direction(s), o.millis(), t, o.entry().flops(), s.kernel()));
        }
        int ops = table.size();
        for (Direction d : Direction.values()) {
            List<OpTime> of = t.ops().stream().filter(o -> o.entry().step().direction() == d).toList();
            if (!of.isEmpty() && of.size() < t.ops().size()) {
                table.add(total("all " + of.size() + " ops", direction(of.get(0).entry().step()), of, t));
            }
        }
        table.add(total("all " + t.ops().size() + " ops", "", t.ops(), t));
        List<String> lines = Text.table(table);
        for (int i = 0; i < lines.size(); i++) {
            if (i == ops + 1) {
                line("%s", lines.get(1));
            }
            line("%s", lines.get(i));
        }
        line("");
        line("MFLOP: a multiply-add of convolutions and matrix products counts 2; other arithmetic does not count.");
    }

    private void line(String pattern, Object... values) {
        host.out().println(format(pattern, values));
    }

    private static List<String> total(String what, String direction, List<OpTime> of, Timing t) {
        return row("", what, direction, of.stream().mapToDouble(OpTime::millis).sum(), t,
            of.stream().map(o -> o.entry().flops()).reduce(Flops.NONE, Flops::plus), "");
    }

    private static List<String> row(String layer, String op, String direction, double millis, Timing t, Flops f,
                                    String kernel) {
        boolean any = f.products() > 0;
        return List.of(layer, op, direction, format("%.3f", millis), format("%.1f %%", 100 * millis / t.opsMillis()),
            any ? format("%.2f", f.products() / 1e6) : "", any ? format("%.1f", f.products() / millis / 1e6) : "",
            kernel);
    }

    private static String direction(StepInfo s) {
        return s.direction().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> json(NetFile file, Session session, Phase p, int samples, StandInData data,
                                            Timing t) {
        double all = t.opsMillis();
        return Json.map("net", file.name(), "phase", p.name().toLowerCase(Locale.ROOT), "backend", session.backend(),
            "device", session.device().description(), "threads", session.device().threads(),
            "type", session.type().name().toLowerCase(Locale.ROOT), "data", data.text(), "samples", samples,
            "warmup", t.warmup(), "steps", t.steps().length,
            "stepMillis", Json.map("median", t.stepMedian(), "min", t.stepMin(), "max", t.stepMax()),
            "flops", t.flops().products(), "otherOperations", t.flops().others(), "gflops", t.gflops(),
            "matmulGflops", t.matmulGflops(), "share", t.share(), "opsMillis", all,
            "ops", t.slowestFirst().stream().map(o -> Json.map("layer", o.entry().step().layer(),
                "op", o.entry().step().op(), "direction", direction(o.entry().step()),
                "program", o.entry().program(), "times", o.entry().times(), "millis", o.millis(),
                "share", o.millis() / all,
                "flops", o.entry().flops().products(), "otherOperations", o.entry().flops().others(),
                "gflops", o.entry().flops().products() / o.millis() / 1e6,
                "kernel", o.entry().step().kernel())).toList());
    }
}
