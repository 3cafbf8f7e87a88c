package org.mocha4j.gputest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.gputest.Phase.Work;

/** A part of the suite under compute-sanitizer, which looks at every access to memory: slow, so only when asked for. */
final class SanitizerPhase implements Work {
    private static final String PART = "LayerOracleTest|PoolingRulesTest|LossRulesTest|TrainingTest";
    private static final int FOUND = 99;

    @Override
    public void run(Setup setup, Report report) throws Exception {
        Optional<String> sanitizer = Tool.find("compute-sanitizer");
        String claim = "compute-sanitizer finds nothing";
        if (sanitizer.isEmpty()) {
            report.skipped(claim, "compute-sanitizer is not here");
            return;
        }
        Path folder = Files.createDirectories(setup.out().resolve("sanitizer"));
        Files.deleteIfExists(folder.resolve("suite.tsv"));
        Path log = folder.resolve("memcheck.txt");
        List<String> command = new ArrayList<>(List.of(sanitizer.get(), "--tool", "memcheck", "--error-exitcode",
                Integer.toString(FOUND), "--log-file", log.toString()));
        command.addAll(Supervisor.java(setup, List.of("--backend", setup.backend(), "--out", folder.toString(),
                "--only",
                setup.only() == null ? PART : setup.only(), "--child", Phase.SUITE.word())));
        Optional<Tool> t = Tool.run(Map.of(), command);
        String last = Files.exists(log) ? Files.readAllLines(log).stream().reduce("", (a, b) -> b) : "no log";
        report.claim(claim, last + ", exit code " + t.map(Tool::code).orElse(-1), t.isPresent() && t.get().code() == 0);
        for (Row r : Report.read(folder.resolve("suite.tsv"))) {
            report.row("under it: " + r.claim(), r.figure(), r.verdict());
        }
    }
}
