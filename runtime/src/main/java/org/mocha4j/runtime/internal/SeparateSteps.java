package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Step;

/** The steps of a run, each an executable of its own on the memory of the run: to be timed. */
public final class SeparateSteps implements AutoCloseable {
    private final Run run;
    private final List<Device.Executable> steps = new ArrayList<>();

    SeparateSteps(Run run, Device device, List<Step> bound) {
        this.run = run;
        try {
            bound.forEach(s -> steps.add(device.compile(List.of(s))));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public int size() {
        return steps.size();
    }

    /** Runs all steps once and adds the nanoseconds of each, from an index on. The device is done when a step ends. */
    public void run(long[] nanos, int from) {
        run.refresh();
        run.statusWords();
        for (int i = 0; i < steps.size(); i++) {
            long start = System.nanoTime();
            steps.get(i).run();
            run.statusWords();                                   // a download waits for the device
            nanos[from + i] += System.nanoTime() - start;
        }
        run.touch();
    }

    @Override
    public void close() {
        steps.forEach(Device.Executable::close);
        steps.clear();
    }
}
