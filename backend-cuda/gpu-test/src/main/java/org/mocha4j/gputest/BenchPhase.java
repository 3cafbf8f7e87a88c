package org.mocha4j.gputest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mocha4j.gputest.Phase.Work;

/**
 * {@code mocha time} of three nets: copying a batch to the device, forward, backward, update, and waiting for the
 * end.
 */
final class BenchPhase implements Work {
    /** @param most milliseconds that a device must not exceed; 0 where nothing is claimed */
    private record Net(String text, double most, List<String> arguments) {
    }

    private static List<Net> nets(Setup setup) {
        String vgg = setup.benchmarks().resolve("vgg.yaml").toString();
        List<String> shapes = setup.small() ? List.of("--shape", "data=1x3x32x32", "--shape", "label=1")
                : List.of("--shape", "data=64x3x64x64", "--shape", "label=64");
        List<String> large = new ArrayList<>(List.of(vgg));
        large.addAll(shapes);
        List<String> few = setup.small() ? List.of("--set", "layers.train-data.batchSize=4") : List.of();
        return List.of(new Net("LeNet step, batch " + setup.of(64, 4)
                + (setup.device() ? " (Mocha on a GPU of 2014: 3.3 ms)" : ""),
                        3.3, with("mnist", few)),
                new Net("CIFAR-10 full step, batch " + setup.of(100, 4)
                        + (setup.device() ? " (Mocha on a GPU of 2014: 27 ms)" : ""),
                        27, with("cifar10", few)),
                new Net("VGG-like step, " + shapes.get(1), 0, large));
    }

    private static List<String> with(String net, List<String> more) {
        List<String> all = new ArrayList<>(List.of(net));
        all.addAll(more);
        return all;
    }

    @Override
    public void run(Setup setup, Report report) {
        for (Net n : nets(setup)) {
            for (String type : setup.small() ? List.of("float32") : List.of("float32", "float64")) {
                if (type.equals("float32") || n.most > 0) {
                    measure(setup, report, n, type);
                }
            }
        }
    }

    private static void measure(Setup setup, Report report, Net n, String type) {
        List<String> arguments = new ArrayList<>(List.of("time"));
        arguments.addAll(n.arguments);
        arguments.addAll(List.of("--backend", setup.backend(), "--type", type, "--json", "--steps",
                Integer.toString(setup.of(setup.device() ? 100 : 5, 1)), "--warmup",
                Integer.toString(setup.of(setup.device() ? 100 : 2, 1))));
        Map<String, Object> json = Command.succeed(setup, arguments.toArray(String[]::new)).json();
        Map<?, ?> step = (Map<?, ?>) json.get("stepMillis");
        double median = ((Number) step.get("median")).doubleValue();
        String figure = String.format(Locale.ROOT, "%.3f ms median, %.3f minimum; %.0f GFLOP/s", median,
                ((Number) step.get("min")).doubleValue(), ((Number) json.get("gflops")).doubleValue());
        if (setup.device() && n.most > 0 && type.equals("float32")) {
            report.claim(n.text + ", " + type, figure, median <= n.most);
        } else {
            report.figure(n.text + ", " + type, figure);
        }
    }
}
