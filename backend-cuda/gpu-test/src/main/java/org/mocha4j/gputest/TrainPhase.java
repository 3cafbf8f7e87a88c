package org.mocha4j.gputest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mocha4j.gputest.Phase.Work;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.DrawnDigits;
import org.mocha4j.launcher.data.MnistData;

/**
 * Trains the examples as on the backend cpu: with one seed the objective after a few steps is the same within
 * rounding; after many steps rounding has led elsewhere, but not to another accuracy.
 */
final class TrainPhase implements Work {
    private static final String OTHER = "cpu";
    private static final double OBJECTIVE = 1e-3;
    private static final double ACCURACY = 0.02;
    private static final long HELD_OUT = 1_000_000_000L;

    /** What a run came to. */
    private record Outcome(double objective, double accuracy, double rate) {
    }

    /** An example and its data. @param few, many: iterations */
    private record Case(String net, Path data, String text, int few, int many, List<String> settings) {
    }

    @Override
    public void run(Setup setup, Report report) throws IOException {
        for (Case c : List.of(digits(setup), patterns(setup))) {
            Outcome mine = train(setup, c, setup.backend(), c.few);
            Outcome other = train(setup, c, OTHER, c.few);
            double apart = Math.abs(mine.objective - other.objective) / Math.max(1e-3, Math.abs(other.objective));
            report.claim("%s, %d steps on %s: objective within %.0e of %s's".formatted(c.net, c.few, c.text, OBJECTIVE,
                    OTHER),
                    format("%.6f, %s: %.6f, apart %.1e", mine.objective, OTHER, other.objective, apart),
                            apart <= OBJECTIVE);
            mine = train(setup, c, setup.backend(), c.many);
            other = train(setup, c, OTHER, c.many);
            report.claim("%s, %d steps on %s: accuracy at most 2 points under %s's".formatted(c.net, c.many, c.text,
                    OTHER),
                    format("%.2f %%, %s: %.2f %%; objective %.4f and %.4f", 100 * mine.accuracy, OTHER,
                            100 * other.accuracy,
                            mine.objective, other.objective), mine.accuracy >= other.accuracy - ACCURACY);
            report.figure(c.net + ", training with reading of data",
                    format("%.0f samples/s, %s: %.0f", mine.rate, OTHER,
                    other.rate));
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static Case digits(Setup setup) throws IOException {
        Path real = setup.home().resolve("data/mnist");
        Path folder = setup.out().resolve("data/digits");
        boolean there = Files.isDirectory(real) && !setup.small();
        if (there) {
            DataWriter.write(MnistData.train(real), MnistData.test(real), folder);
        } else {
            DataWriter.write(new DrawnDigits(1, 0, setup.of(10_000, 200)),
                    new DrawnDigits(1, HELD_OUT, setup.of(2_000, 100)), folder);
        }
        return new Case("mnist", folder, there ? "MNIST" : "drawn digits", setup.of(20, 3), there ? 1000
                : setup.of(400, 10),
                setup.small() ? List.of("layers.train-data.batchSize=16") : List.of());
    }

    private static Case patterns(Setup setup) throws IOException {
        Path folder = setup.out().resolve("data/patterns");
        Patterns train = new Patterns(0, setup.of(2_000, 60));
        DataWriter.mean(train.mean(), train.dims(), folder);
        DataWriter.write(train, new Patterns(1 << 20, setup.of(500, 20)), folder);
        List<String> settings = new ArrayList<>(List.of("solver.rate={type: Fixed, base: 0.001}"));
        if (setup.small()) {
            settings.addAll(List.of("layers.train-data.batchSize=10", "layers.test-data.batchSize=10"));
        }
        return new Case("cifar10", folder, "made-up images", setup.of(10, 2), setup.of(120, 4), settings);
    }

    private static Outcome train(Setup setup, Case c, String backend, int iterations) throws IOException {
        Path folder = Files.createTempDirectory(setup.out().resolve("work"), c.net + "-" + backend);
        List<String> arguments = new ArrayList<>(List.of("run", c.net, "--data", c.data.toString(), "--backend",
                backend,
                "--iterations", Integer.toString(iterations), "--output", folder.toString(), "--json"));
        c.settings.forEach(s -> arguments.addAll(List.of("--set", s)));
        Map<String, Object> json = Command.succeed(setup, arguments.toArray(String[]::new)).json();
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> found = (List<Map<String, Object>>) json.get("measurements");
        double accuracy = found.stream().filter(m -> m.get("layer").equals("accuracy")).map(m -> m.get("value"))
                .mapToDouble(v -> ((Number) v).doubleValue()).findFirst().orElseThrow();
        return new Outcome(number(json, "objective"), accuracy, number(json, "samplesPerSecond"));
    }

    private static double number(Map<String, Object> json, String name) {
        return ((Number) json.get(name)).doubleValue();
    }
}
