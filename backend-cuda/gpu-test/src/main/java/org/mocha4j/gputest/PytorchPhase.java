package org.mocha4j.gputest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.gputest.Phase.Work;

/** {@code against_pytorch.py}: the nets of {@link BenchPhase} in PyTorch, in turns with {@code mocha time}. */
final class PytorchPhase implements Work {
    @Override
    public void run(Setup setup, Report report) throws Exception {
        Optional<String> python = Tool.torch(setup.device());
        if (python.isEmpty()) {
            report.skipped("against PyTorch", "no Python here has PyTorch"
                    + (setup.device() ? " that sees the device" : ""));
            return;
        }
        Path rows = setup.out().resolve("pytorch.rows");
        Files.deleteIfExists(rows);
        List<String> command = new ArrayList<>(List.of(python.get(), setup.benchmarks().resolve("against_pytorch.py")
                .toString(),
                "--mocha", setup.mocha().toString(), "--backend", setup.commandBackend(), "--rows", rows.toString()));
        if (!setup.device()) {
            command.addAll(List.of("--device", "cpu"));
        }
        if (setup.small()) {
            command.addAll(List.of("--rounds", "1", "--seconds", "0.2", "--steps", "2", "--warmup", "1", "--nets",
                    "lenet"));
        }
        Optional<Tool> done = Tool.run(Map.of("JAVA_HOME", System.getProperty("java.home")), command);
        if (Files.exists(rows)) {
            for (String line : Files.readAllLines(rows)) {
                Row r = Row.parse("pytorch\t" + line);
                report.row(r.claim(), r.figure(), r.verdict());
            }
        }
        if (done.isEmpty() || done.get().code() != 0) {
            report.claim("against PyTorch", done.map(Tool::lastLine).orElse("cannot be run"), false);
        }
    }
}
