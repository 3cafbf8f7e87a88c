package org.mocha4j.gputest;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be asked for, in the order in which it is done. Each runs in a process of its own. */
enum Phase {
    PROBE(60, true, "what machine, driver and libraries are here", ProbePhase::new),
    SUITE(240, true, "the shared suite: ops in both types, layers, nets, training", SuitePhase::new),
    GRADIENTS(60, true, "gradients of whole nets against measured ones, in float64", GradientsPhase::new),
    TRAIN(90, true, "nets trained as on the backend cpu", TrainPhase::new),
    BENCH(80, true, "milliseconds of training steps, by mocha time", BenchPhase::new),
    PYTORCH(150, true, "the same nets in PyTorch, where it is there", PytorchPhase::new),
    MEMORY(60, true, "memory of the device after nets are opened and closed", MemoryPhase::new),
    COMMAND(40, true, "the mocha command, its parts as bundles", CommandPhase::new),
    SANITIZER(240, false, "a part of the suite under compute-sanitizer", SanitizerPhase::new);

    interface Work {
        void run(Setup setup, Report report) throws Exception;
    }

    private interface Maker {
        Work make();
    }

    final int seconds;
    final boolean usual;
    final String about;
    private final Maker maker;

    Phase(int seconds, boolean usual, String about, Maker maker) {
        this.seconds = seconds;
        this.usual = usual;
        this.about = about;
        this.maker = maker;
    }

    Work work() {
        return maker.make();
    }

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<Phase> named(String word) {
        return Arrays.stream(values()).filter(p -> p.word().equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Phase::word).collect(Collectors.joining(", "));
    }
}
