package org.mocha4j.gputest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.mocha4j.gputest.Row.Verdict;

/** Runs each phase in a process of its own, so that one that crashes or hangs takes nothing else with it. */
final class Supervisor {
    /** In which all is done on a machine with a device. */
    static final int SECONDS = 480;
    private static final long GRACE_SECONDS = 5;

    private final Setup setup;
    private final List<String> arguments;
    private final long end;
    private final long patience;
    private final Map<String, String> environment = new TreeMap<>();

    /** @param seconds for all phases together; each has more where that is a multiple of the usual */
    Supervisor(Setup setup, int seconds, List<String> arguments) {
        this.setup = setup;
        this.arguments = arguments;
        patience = Math.max(1, seconds / SECONDS);
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Lets the loader look in more folders, after those that it is told already. */
    void lookIn(String folders) {
        String before = System.getenv("LD_LIBRARY_PATH");
        environment.put("LD_LIBRARY_PATH", before == null || before.isEmpty() ? folders : before + ":" + folders);
    }

    /** Where a phase writes its rows. */
    static Path rows(Setup setup, Phase phase) {
        return setup.out().resolve(phase.word() + ".tsv");
    }

    /** This program in another process. */
    static List<String> java(Setup setup, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString()));
        Path options = setup.home().resolve("jvm.options");
        if (Files.exists(options)) {
            command.add("@" + options);
        }
        String more = System.getenv("MOCHA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Dmocha.gputest=" + setup.home(), "-cp",
                System.getProperty("java.class.path"),
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
        ProcessBuilder b = new ProcessBuilder(java(setup, all)).directory(work().toFile()).redirectErrorStream(true)
                .redirectOutput(log);
        b.environment().putAll(environment);
        String how = ended(b, Math.min(left, patience * phase.seconds));
        List<Row> rows = new ArrayList<>(Report.read(rows(setup, phase)));
        if (how != null) {
            rows.add(new Row(phase.word(), phase.about, how + "; see " + log, Verdict.FAIL));
        }
        if (phase != Phase.PROBE) {
            System.out.println(phase.word() + ": " + seconds(start)
                    + (rows.stream().anyMatch(r -> r.verdict() == Verdict.FAIL)
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

    /** Runs it. @return null if it ended well */
    private static String ended(ProcessBuilder b, long seconds) throws InterruptedException {
        Process p;
        try {
            p = b.start();
        } catch (IOException e) {
            return "it cannot be started: " + e.getMessage();
        }
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
