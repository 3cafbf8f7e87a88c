package org.mocha4j.gputest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.mocha4j.gputest.Row.Verdict;

/** Runs each phase in a process of its own, so that one that crashes or hangs takes nothing else with it. */
final class Supervisor {
    private static final long GRACE_SECONDS = 5;

    private final Setup setup;
    private final List<String> arguments;
    private final long end;

    /** @param seconds for all phases together */
    Supervisor(Setup setup, int seconds, List<String> arguments) {
        this.setup = setup;
        this.arguments = arguments;
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Where a phase writes its rows. */
    static Path rows(Setup setup, Phase phase) {
        return setup.out().resolve(phase.word() + ".tsv");
    }

    /** This program in another process. */
    static List<String> java(Setup setup, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Path options = setup.home().resolve("jvm.options");
        if (Files.exists(options)) {
            command.add("@" + options);
        }
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Dmocha.gputest=" + setup.home(), "-cp", System.getProperty("java.class.path"),
                GpuTest.class.getName()));
        command.addAll(arguments);
        return command;
    }

    List<Row> run(Phase phase) throws IOException, InterruptedException {
        long left = TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime());
        if (left < 5) {
            return List.of(new Row(phase.word(), phase.about, "no time is left", Verdict.SKIPPED));
        }
        Files.deleteIfExists(rows(setup, phase));
        File log = setup.out().resolve(phase.word() + ".log").toFile();
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--child", phase.word()));
        long start = System.nanoTime();
        Process p = new ProcessBuilder(java(setup, all)).directory(work().toFile()).redirectErrorStream(true)
                .redirectOutput(log).start();
        String how = ended(p, Math.min(left, phase.seconds));
        List<Row> rows = new ArrayList<>(Report.read(rows(setup, phase)));
        if (how != null) {
            rows.add(new Row(phase.word(), phase.about, how + "; see " + log, Verdict.FAIL));
        }
        if (phase != Phase.PROBE) {
            System.out.println(phase.word() + ": " + seconds(start) + (rows.stream().anyMatch(r -> r.verdict() == Verdict.FAIL)
                    ? ", FAILED" : ""));
        }
        return rows;
    }

    /** Whatever phases leave behind. */
    private Path work() throws IOException {
        return Files.createDirectories(setup.out().resolve("work"));
    }

    private static String seconds(long start) {
        return String.format(Locale.ROOT, "%.0f s", (System.nanoTime() - start) / 1e9);
    }

    /** Waits. @return null if it ended well */
    private static String ended(Process p, long seconds) throws InterruptedException {
        if (!p.waitFor(seconds, TimeUnit.SECONDS)) {
            p.descendants().forEach(ProcessHandle::destroyForcibly);
            p.destroy();                                             // it may write what it knows
            if (!p.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                p.destroyForcibly().waitFor();
            }
            return "not done after " + seconds + " s";
        }
        return p.exitValue() == 0 ? null : "the process ended with exit code " + p.exitValue();
    }
}
