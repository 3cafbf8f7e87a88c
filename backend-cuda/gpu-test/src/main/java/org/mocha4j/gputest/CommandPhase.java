package org.mocha4j.gputest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.gputest.Phase.Work;

/** The command as people run it: a script, its parts as bundles in the framework. */
final class CommandPhase implements Work {
    @Override
    public void run(Setup setup, Report report) throws InterruptedException {
        String b = setup.commandBackend();
        ask(setup, report, "mocha doctor --backend " + b, List.of("doctor", "--backend", b));
        ask(setup, report, "mocha time mnist --backend " + b,
                List.of("time", "mnist", "--backend", b, "--steps", "2", "--warmup",
                "2"));
    }

    private static void ask(Setup setup, Report report, String text,
            List<String> arguments) throws InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(setup.mocha().toString()));
        command.addAll(arguments);
        Optional<Tool> t = Tool.run(Map.of("JAVA_HOME", System.getProperty("java.home")), command);
        boolean works = t.isPresent() && t.get().code() == 0;
        String figure = t.map(d -> works ? d.said().lines().filter(l -> l.startsWith("Step") || l.contains(" device "))
                .findFirst()
                .orElse("works") : d.lastLine()).orElse("cannot be run");
        report.claim(text, figure, works);
    }
}
