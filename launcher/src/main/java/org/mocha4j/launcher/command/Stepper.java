package org.mocha4j.launcher.command;

import java.util.Optional;
import java.util.function.Supplier;
import org.mocha4j.api.DataException;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Profile;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.train.SolverConfig;

/** Whole steps of a net on the same data again and again: iterations of training, or forward runs. */
final class Stepper implements AutoCloseable {
    private interface Steps {
        void run(long step);
    }

    private final AutoCloseable program;
    private final Steps steps;
    private final Supplier<Profile> profile;
    private final Supplier<Optional<StatusReport>> status;
    private long step;

    private Stepper(AutoCloseable program, Steps steps, Supplier<Profile> profile,
                    Supplier<Optional<StatusReport>> status) {
        this.program = program;
        this.steps = steps;
        this.profile = profile;
        this.status = status;
    }

    /** Steps of loading, forward, backward and update. */
    static Stepper training(Net net, SolverConfig solver, StandInData data) {
        Training t = Inspection.training(net, solver);
        int batches = t.options().accumulate();
        return new Stepper(t, iteration -> {
            for (int i = 0; i < batches; i++) {
                data.blobs.forEach(t::set);
                t.accumulate(data.batch, iteration * batches + i, i);
            }
            t.apply(iteration);
            t.failed();                                          // waits for the device
        }, t::profile, t::status);
    }

    /** Steps of loading and forward, with statistics; nothing is written. */
    static Stepper inference(Net net, StandInData data) {
        Execution e = net.rehearsal();
        return new Stepper(e, n -> {
            e.load(data.batch);
            data.blobs.forEach(e::setIfRead);
            e.run(n);
        }, e::profile, e::status);
    }

    /** One step. @return the nanoseconds it took */
    long run() {
        long start = System.nanoTime();
        steps.run(step++);
        return System.nanoTime() - start;
    }

    /** The steps of the programs one by one; after at least one {@link #run()}, closed before this. */
    Profile profile() {
        return profile.get();
    }

    /** @throws DataException if a step met something that it could not compute with, so that times mean nothing */
    void check() {
        status.get().ifPresent(r -> {
            throw new DataException("there is nothing to time, since the data given do not suit the net: " + r.text());
        });
    }

    @Override public void close() {
        try {
            program.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
