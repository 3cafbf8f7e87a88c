package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.AdaDelta;
import org.mocha4j.solvers.AdaGrad;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.Nesterov;
import org.mocha4j.solvers.RMSProp;
import org.mocha4j.solvers.SGD;

/** What a whole training step asks of the driver. */
class StepTest {
    private static final String[] ALL = {"upload", "download", "copy", "launch", "multiply", "record", "await",
        "allocate", "free", "begin", "clear", "synchronize"};
    /** Until every place for copies was used. */
    private static final int WARM = 20;
    /** The next batch of large images on its own stream, labels, counters. */
    private static final List<String> BATCH = List.of("upload 76800", "record event", "await event", "copy 76800",
            "record event", "upload 256", "record event", "upload 16", "record event");
    /** The step, a copy of its status word, the status of the batch before. */
    private static final List<String> STEP = List.of("launch graph", "download 32", "record event",
            "synchronize event of 2 graphs ago");

    /** Halves with every iteration, as a rate that a policy changes. */
    record Halving() implements Policy {
        @Override
        public double at(long iteration) {
            return Math.pow(0.5, iteration);
        }
    }

    static Stream<UpdateRule> rules() {
        return Stream.of(new SGD(0.9), new Nesterov(0.9), new Adam(), new AdaGrad(), new AdaDelta(), new RMSProp());
    }

    private static TrainingOptions options(UpdateRule rule, Policy rate, int accumulate) {
        return new TrainingOptions(rule, 0.01, rate, List.of(), accumulate);
    }

    private static List<String> joined(List<?>... parts) {
        List<String> all = new ArrayList<>();
        for (List<?> p : parts) {
            p.forEach(c -> all.add((String) c));
        }
        return all;
    }

    /** What a step asks for; without waiting for copies of a step before the last one, which are over. */
    private static List<String> afterWarm(StepRig r) {
        for (int i = 0; i < WARM; i++) {
            r.iteration();
        }
        r.driver.calls.clear();
        r.iteration();
        return r.driver.take(ALL).stream().filter(c -> !c.matches("synchronize event of ([3-9]|\\d\\d+) graphs ago"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleUpdatesAllParametersInOneLaunch(UpdateRule rule) {
        try (StepRig r = new StepRig(options(rule, Policy.of(0.1), 1))) {
            r.accumulate();
            r.driver.calls.clear();
            r.training.apply(0);
            assertEquals(1, r.driver.take("launch", "multiply", "copy").size());
        }
    }

    @Test
    void aStepWaitsForNothingButTheStatusOfTheBatchBefore() {
        try (StepRig r = new StepRig(options(new SGD(0.9), Policy.of(0.1), 1))) {
            assertEquals(joined(BATCH, STEP, List.of("launch graph")), afterWarm(r));
        }
    }

    @Test
    void ratesAndCountersAreWrittenAndTheGraphsStay() {
        try (StepRig r = new StepRig(options(new SGD(0.9), new Halving(), 1))) {
            List<String> rates = List.of("upload 4", "record event", "upload 4", "record event");
            assertEquals(joined(BATCH, STEP, rates, List.of("launch graph")), afterWarm(r));
        }
    }

    @Test
    void theObjectiveIsReadWhenItIsAskedFor() {
        try (StepRig r = new StepRig(options(new SGD(0.9), Policy.of(0.1), 1))) {
            r.iteration();
            r.driver.calls.clear();
            r.training.objective();
            assertEquals(List.of("download 4", "synchronize"), r.driver.take("download", "synchronize"));
        }
    }

    @Test
    void theObjectivesOfAnUpdateAreAddedUpOneBatchLate() {
        try (StepRig r = new StepRig(options(new SGD(0.9), Policy.of(0.1), 3))) {
            List<String> calls = afterWarm(r);
            assertEquals(List.of(),
                    calls.stream().filter(c -> c.matches("synchronize( event of 0 graphs ago)?")).toList());
            assertEquals(3, calls.stream().filter(c -> c.equals("download 4")).count());
            assertEquals(3, calls.stream().filter(c -> c.equals("download 32")).count());
            assertEquals(4, calls.stream().filter(c -> c.equals("launch graph")).count());
            assertEquals(0, r.training.objective());
        }
    }

    @Test
    void aShortageNamesTheNetsAndWhatTheyPlanned() {
        assertEquals("cuda device 0 (a stand-in) has no room within memoryLimit 58.6 KiB for 75.0 KiB: net [net] in "
                + "training: data/0:float32[64, 300] 75.0 KiB. In use: 8.8 KiB: net [net] in training: "
                + "activations and gradients 8.5 KiB, net [net] in training: scratch 0.3 KiB, net [net] in training: status 0.0 KiB. "
                + "Use a smaller batch or a larger memoryLimit", assertThrows(DeviceException.class, () -> new StepRig(
                        options(new SGD(0.9), Policy.of(0.1), 1), Map.of("memoryLimit", "60000"))).getMessage());
    }

    /** What a driver is opened for, and how a net is planned on it. */
    @Test
    void everyOptionReachesTheDriver() {
        Map<String, String> some = Map.of("device", "3", "tf32", "on", "graphs", "off", "memoryLimit", "512M");
        try (StepRig r = new StepRig(options(new SGD(0.9), Policy.of(0.1), 1), some)) {
            assertEquals(List.of(new Options(3, false, true, 512L << 20, false)), r.opened);
            r.iteration();
            r.iteration();
            assertEquals(List.of(), r.driver.take("begin capture", "launch graph"));
        }
        try (StepRig r = new StepRig(options(new SGD(0.9), Policy.of(0.1), 1))) {
            assertEquals(List.of(new Options(0, true, false, 0, false)), r.opened);
        }
    }

    @Test
    void nothingIsKnownToHaveFailedWhereNothingDid() {
        try (StepRig r = new StepRig(options(new SGD(0.9), Policy.of(0.1), 1))) {
            r.iteration();
            assertEquals(Optional.empty(), r.training.known());
            assertEquals(Optional.empty(), r.training.status());
        }
    }
}
