package org.mocha4j.launcher.command;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mocha validate NET.yaml}: everything that is wrong with a net, at once, without training it. */
@Command(name = "validate", sortOptions = false,
    description = "Reads, wires and plans a net and reports everything that is wrong with it, as FILE:LINE.",
    footer = {"", "With --shape no data file is opened; without it, missing ones are reported too."})
final class ValidateCommand implements Callable<Integer> {
    private static final Pattern LINE = Pattern.compile("^\\S*:(\\d{1,9}): ");

    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "NET.yaml", description = "The file, or an example.") private String name;
    @Mixin private Shapes shapes;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    ValidateCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        Catalog catalog = host.catalog();
        NetFile file = NetFile.read(name, arguments.set, catalog);
        Set<String> problems = new LinkedHashSet<>();
        file.bound().problems().list().forEach(p -> problems.add(p.toString()));
        Experiment e = file.bound().value();
        if (e != null && e.layers().size() == file.layers()) {   // or what is missing would seem wrong elsewhere
            build(catalog, file, problems);
        }
        List<String> sorted = problems.stream().sorted(Comparator.comparingInt(ValidateCommand::line)).toList();
        if (arguments.json) {
            host.out().println(Json.text(Json.map("file", name, "valid", problems.isEmpty(), "problems", sorted)));
        } else {
            sorted.forEach(host.out()::println);
            host.out().println(problems.isEmpty() ? name + " is in order"
                : problems.size() == 1 ? "1 problem" : problems.size() + " problems");
        }
        host.out().flush();
        return problems.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** The number in {@code net.yaml:12: …}. */
    private static int line(String problem) {
        Matcher m = LINE.matcher(problem);
        return m.find() ? Integer.parseInt(m.group(1)) : Integer.MAX_VALUE;
    }

    private void build(Catalog catalog, NetFile file, Set<String> problems) {
        Settings settings = Settings.of(device, file.bound().value(), host.environment());
        try (Inspection look = new Inspection(catalog, file, settings, shapes.map())) {
            Optional<Net> train = look.has(Phase.TRAIN) ? net(look, Phase.TRAIN, problems) : Optional.empty();
            Optional<Net> test = look.has(Phase.TEST) ? net(look, Phase.TEST, problems) : Optional.empty();
            train.ifPresent(n -> look.solver().ifPresent(c -> attempt(problems,
                file.bound().positions().prefix(c), () -> Inspection.training(n, c).close())));
            test.ifPresent(n -> attempt(problems, "", () -> Inspection.execution(n).close()));
            breaks(file, look, train, test, problems);
        }
    }

    private static Optional<Net> net(Inspection look, Phase phase, Set<String> problems) {
        try {
            return Optional.of(look.net(phase));
        } catch (MochaException e) {
            e.getMessage().lines().forEach(problems::add);
            return Optional.empty();
        }
    }

    private interface Attempt {
        void run();
    }

    /** @param place for a problem that does not name one */
    private static void attempt(Set<String> problems, String place, Attempt a) {
        try {
            a.run();
        } catch (MochaException e) {
            problems.add((LINE.matcher(e.getMessage()).find() ? "" : place) + e.getMessage());
        }
    }

    /** What the breaks need is looked up; if nothing is wrong and data are there, they are opened as a run would. */
    private static void breaks(NetFile file, Inspection look, Optional<Net> train, Optional<Net> test,
                               Set<String> problems) {
        Experiment e = file.bound().value();
        if (look.solver().isEmpty()) {
            return;
        }
        SolverConfig solver = look.solver().get();
        problems.addAll(new BreakProblems(solver, e.breaks(), test, look.has(Phase.TEST), file.bound().positions())
            .all());
        if (problems.isEmpty() && train.isPresent() && !train.get().data().isEmpty()
                && test.map(t -> !t.data().isEmpty()).orElse(true)) {
            attempt(problems, "",
                () -> new Solver(train.get(), solver, e.breaks(), test.orElse(null), null, null).close());
        }
    }
}
