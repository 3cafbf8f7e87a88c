package org.mocha4j.gputest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mocha4j.cuda.internal.SimulatedPlugin;
import org.mocha4j.gputest.Row.Verdict;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The program of the packed folder: {@code ./run}. Exit code 0 if all claims hold, 1 if one does not, 2 for wrong
 * usage.
 */
@CommandLine.Command(name = "./run", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Tests a backend on this machine and prints one table of what was found.")
public final class GpuTest implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "PHASE", arity = "0..*",
        description = "What to do; default: all but sanitizer. The probe comes first in any case.")
    private List<String> words = List.of();
    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cuda", description = "Default: cuda.")
    private String backend;
    @Option(names = "--simulated",
            description = "Backend cuda on a simulated device, which needs g++; little of everything.")
    private boolean simulated;
    @Option(names = "--small", description = "Little of everything.") private boolean small;
    @Option(names = "--only", paramLabel = "REGEX",
            description = "Test classes of the suite; default: all.") private String only;
    @Option(names = "--out", paramLabel = "DIR",
        description = "Where results go; default: the variable OUT, else results.") private Path out;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "" + Supervisor.SECONDS,
        description = "For all phases together. Default: 480; limits of phases grow with its multiples.")
    private int seconds;
    @Option(names = "--child", hidden = true) private String child;

    /** For the command line. */
    GpuTest() {
    }

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new GpuTest()).setUsageHelpWidth(110);
        List<String> phases = new ArrayList<>(List.of("", "Phases and their limits in seconds:"));
        Arrays.stream(Phase.values())
                .forEach(p -> phases.add("  %-10s %3d  %s".formatted(p.word(), p.seconds, p.about)));
        line.getCommandSpec().usageMessage().footer(phases.toArray(String[]::new));
        System.exit(line.execute(args));
    }

    private Setup setup() throws IOException {
        String variable = System.getenv("OUT");
        Path folder = out != null ? out : Path.of(variable != null && !variable.isEmpty() ? variable : "results");
        if (simulated && !SimulatedPlugin.possible()) {
            throw new ParameterException(spec.commandLine(), "--simulated needs g++, which is not here");
        }
        return new Setup(backend, simulated, small || simulated, only,
                Path.of(System.getProperty("mocha.gputest", ".")),
                Files.createDirectories(folder).toRealPath());
    }

    @Override
    public Integer call() throws Exception {
        if (child != null) {
            return work(Phase.named(child).orElseThrow(), setup());
        }
        Set<Phase> wanted = wanted();
        Setup setup = setup();
        Supervisor supervisor = new Supervisor(setup, seconds, arguments(setup));
        List<Row> rows = probe(setup, supervisor);
        Optional<Row> unusable = failure(rows);
        if (unusable.isPresent()) {
            System.err.println("gpu-test: " + unusable.get().claim() + ": " + unusable.get().figure());
            return CommandLine.ExitCode.SOFTWARE;
        }
        rows.forEach(r -> System.out.println(r.claim() + ": " + r.figure()));
        for (Phase p : wanted) {
            rows.addAll(supervisor.run(p));
        }
        return report(setup, rows);
    }

    private static Optional<Row> failure(List<Row> rows) {
        return rows.stream().filter(r -> r.verdict() == Verdict.FAIL).findFirst();
    }

    /** Where libraries are missing, once more with those that came with PyTorch. */
    private static List<Row> probe(Setup setup, Supervisor supervisor) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>(supervisor.run(Phase.PROBE));
        String folders = failure(rows).isPresent() && setup.device() ? Tool.librariesOfPython() : "";
        if (folders.isEmpty()) {
            return rows;
        }
        supervisor.lookIn(folders);
        List<Row> again = new ArrayList<>(supervisor.run(Phase.PROBE));
        again.add(new Row(Phase.PROBE.word(), "CUDA's libraries, since the system has none", folders, Verdict.FIGURE));
        return failure(again).isPresent() ? rows : again;
    }

    private Set<Phase> wanted() {
        Set<Phase> wanted = new LinkedHashSet<>();
        for (Phase p : Phase.values()) {
            if (p != Phase.PROBE && (words.isEmpty() ? p.usual : words.contains(p.word()))) {
                wanted.add(p);
            }
        }
        words.stream().filter(w -> Phase.named(w).isEmpty()).findFirst().ifPresent(w -> {
            throw new ParameterException(spec.commandLine(), "there is no phase [" + w + "]; there are: "
                    + Phase.words());
        });
        return wanted;
    }

    /** Of a process for a phase. */
    private List<String> arguments(Setup s) {
        List<String> all = new ArrayList<>(List.of("--backend", s.backend(), "--out", s.out().toString()));
        if (simulated) {
            all.add("--simulated");
        }
        if (s.small()) {
            all.add("--small");
        }
        if (only != null) {
            all.addAll(List.of("--only", only));
        }
        return all;
    }

    private static int report(Setup setup, List<Row> rows) throws IOException {
        List<String> table = Row.table(rows);
        long failed = rows.stream().filter(r -> r.verdict() == Verdict.FAIL).count();
        long passed = rows.stream().filter(r -> r.verdict() == Verdict.PASS).count();
        List<String> all = new ArrayList<>(table);
        all.add("");
        all.add(passed + " claims hold, " + failed + " do not");
        Files.write(setup.out().resolve("results.txt"), all);
        Files.write(setup.out().resolve("results.tsv"), rows.stream().map(Row::text).toList());
        System.out.println();
        all.forEach(System.out::println);
        System.out.println("Written to " + setup.out().resolve("results.txt"));
        return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static int work(Phase phase, Setup setup) {
        Report report = new Report(phase.word(), Supervisor.rows(setup, phase));
        try {
            phase.work().run(setup, report);
            return CommandLine.ExitCode.OK;
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            report.claim(phase.about, String.valueOf(e.getMessage() == null ? e : e.getMessage()), false);
            return CommandLine.ExitCode.OK;
        }
    }
}
