package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks and rates need of each other is found before a run, with its place in the file. */
class ValidateCommandTest {
    private static final String NET = """
        name: v
        layers:
          - {name: data, type: MemoryData, batchSize: 2, data: [[[0], [1], [2], [3]], [0, 0, 1, 1]], tops: [data, \
        label]}
          - {name: ip, type: InnerProduct, outputs: 2, bottoms: [data], tops: [ip]}
          - {name: loss, type: SoftmaxLoss, bottoms: [ip, label], phase: train}
          - {name: test, type: Accuracy, bottoms: [ip, label], phase: test}
        solver: {type: SGD, iterations: 4, rate: 0.1}
        breaks:
        """;
    private static final String DECAY = """
        {type: DecayOnValidation, base: 0.1,
                 statistic: test-accuracy, higherIsBetter: true}""";

    @TempDir Path temp;

    /** With data, with shapes in their place, and where possible as a run has it. */
    private void problems(String text, String... expected) throws IOException {
        Path net = Files.writeString(temp.resolve("net.yaml"), text);
        String all = String.join("", java.util.stream.Stream.of(expected).map(p -> net + ":" + p + "\n").toList());
        String end = expected.length == 0 ? net + " is in order\n"
            : expected.length == 1 ? "1 problem\n" : expected.length + " problems\n";
        Cli expectedly = new Cli(expected.length == 0 ? 0 : 1, all + end, "");
        assertEquals(expectedly, Cli.run("validate", net.toString()));
        assertEquals(expectedly, Cli.run("validate", net.toString(), "--shape", "data=2x1", "--shape", "label=2"));
    }

    private void runs(boolean well) {
        Cli run = Cli.run("train", temp.resolve("net.yaml").toString(), "--output", temp.resolve("run").toString());
        assertEquals(well ? 0 : 1, run.code(), run.out() + run.err());
    }

    @Test void aStatisticThatIsFollowedHasToBeRecorded() throws IOException {
        String stop = "  - {type: EarlyStopping, statistic: %s, higherIsBetter: true, everyIterations: 1}\n";
        String best = "  - {type: BestSnapshot, folder: best, statistic: %s, higherIsBetter: true, everyIterations: "
            + "1}\n";
        String summary = "  - {type: TrainingSummary, everyIterations: 1}\n";
        String validation = "  - {type: ValidationPerformance, everyIterations: 1}\n";
        problems(NET + stop.formatted("test-accuracy"), "9: EarlyStopping follows the statistic test-accuracy, which "
            + "no "
            + "break records; add a break ValidationPerformance");
        runs(false);
        problems(NET + summary + stop.formatted("objective") + best.formatted("accuracy") + validation,
            "11: BestSnapshot follows the statistic accuracy, which no break records; recorded are [objective, "
            + "test-accuracy]");
        runs(false);
        problems(NET + summary + stop.formatted("accuracy"),
            "10: EarlyStopping follows the statistic accuracy, which no "
            + "break records; recorded are [objective], a break ValidationPerformance would record [test-accuracy]");
        problems(NET + best.formatted("objective"), "9: BestSnapshot follows the statistic objective, which no break "
            + "records; add a break TrainingSummary");
        problems(NET + summary + validation + stop.formatted("objective") + best.formatted("test-accuracy"));
        runs(true);
    }

    @Test void aRateThatGoesBackNeedsASnapshotAndItsStatistic() throws IOException {
        String net = NET.replace("rate: 0.1", "rate: " + DECAY);
        problems(net, "7: the rate DecayOnValidation goes back to the last snapshot when [test-accuracy] got worse; "
            + "add a "
            + "break Snapshot", "8: DecayOnValidation follows the statistic test-accuracy, which no break records; add "
                + "a "
            + "break ValidationPerformance");
        runs(false);
        String snapshot = "  - {type: Snapshot, folder: s, everyIterations: 2}\n";
        problems(net.replace("test-a", "a") + snapshot + "  - {type: ValidationPerformance, everyIterations: 1}\n",
            "8: DecayOnValidation follows the statistic accuracy, which no break records; recorded are "
                + "[test-accuracy]");
        problems(net + snapshot + "  - {type: ValidationPerformance, everyIterations: 1}\n");
        runs(true);
    }

    @Test void theBestSnapshotNeedsAFolderOfItsOwnAndValidationAStatistic() throws IOException {
        problems(NET.replace("  - {name: test, type: Accuracy, bottoms: [ip, label], phase: test}\n", "")
            + "  - {type: ValidationPerformance, everyIterations: 1}\n"
            + "  - {type: TrainingSummary, everyIterations: 1}\n"
            + "  - {type: BestSnapshot, folder: s, statistic: objective, higherIsBetter: false, everyIterations: 1}\n"
            + "  - {type: Snapshot, folder: s, everyIterations: 1}\n",
            "8: ValidationPerformance needs a net of phase TEST with a statistic such as Accuracy",
            "10: BestSnapshot: folder s is that of another break; name one of its own");
    }

    @Test void aLayerThatCannotBeFrozenIsASolversProblem() throws IOException {
        problems(NET.replace("rate: 0.1", "rate: 0.1, frozen: [conv]"),
            "7: there is no layer [conv] with parameters to "
            + "freeze in net [v]; there are [ip]");
    }
}
