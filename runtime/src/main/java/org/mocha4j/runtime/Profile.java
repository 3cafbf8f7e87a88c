package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.runtime.internal.Run;
import org.mocha4j.runtime.internal.SeparateSteps;

/**
 * The steps of open programs, each compiled by itself, so that each can be timed. They work on the memory of the
 * programs that they were made from: those must have run once, and be closed later than this. What a
 * device gains by having the whole list of steps is missing from these times.
 */
public final class Profile implements AutoCloseable {
    /**
     * A step.
     *
     * @param program the program that it belongs to
     * @param times   how often it runs in one pass
     */
    public record Entry(String program, StepInfo step, int times) {
        /** The arithmetic of one pass. */
        public Flops flops() {
            return step.flops().times(times);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<SeparateSteps> programs = new ArrayList<>();
    private final List<Integer> times = new ArrayList<>();

    Profile() {
    }

    Profile add(String program, Run run, int repeats) {
        programs.add(run.separate());
        times.add(repeats);
        run.program().explain().forEach(s -> entries.add(new Entry(program, s, repeats)));
        return this;
    }

    /** All steps in the order in which they run. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Computes everything once. @return for each entry the nanoseconds it took, all its repetitions together */
    public long[] run() {
        long[] nanos = new long[entries.size()];
        int from = 0;
        for (int p = 0; p < programs.size(); p++) {
            for (int i = 0; i < times.get(p); i++) {
                programs.get(p).run(nanos, from);
            }
            from += programs.get(p).size();
        }
        return nanos;
    }

    @Override
    public void close() {
        programs.forEach(SeparateSteps::close);
        programs.clear();
    }
}
