package org.mocha4j.runtime.train;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.DataInput;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.StatusReport;

/**
 * Measures with a net of phase TEST: one epoch of its first data layer, from its beginning, each sample exactly once.
 * The last batch counts only the samples that are left. Between two measurements no data is read.
 */
public final class Validation implements AutoCloseable {
    private final Net net;
    private final Feed feed;
    private final Execution execution;
    private final long size;
    private long step;
    private long taken;
    private volatile boolean interrupted;

    /** One epoch, once; the net's sinks are fed. */
    public static List<Measured> measure(Net net) {
        try (Validation v = new Validation(net)) {
            return v.run();
        }
    }

    /**
     * The net's sinks are fed.
     *
     * @throws ConfigurationException if the net is not of phase TEST, has no data layer or an endless first one
     */
    public Validation(Net net) {
        this(net, true);
    }

    /** @param sinks whether sinks are fed; a training measures the same samples again and again, and feeds none */
    Validation(Net net, boolean sinks) {
        if (net.phase() != Phase.TEST) {
            throw new ConfigurationException("net [" + net.name() + "] is of phase " + net.phase()
                    + "; validation needs one of phase TEST");
        }
        if (net.data().isEmpty()) {
            throw new ConfigurationException("net [" + net.name() + "] has no data layer; validation needs one");
        }
        DataInput first = net.data().get(0);
        this.net = net;
        size = first.stream().size().orElseThrow(() -> new ConfigurationException("data layer " + first.layer()
                + " of net [" + net.name() + "] is endless; validation needs one with a number of samples"));
        execution = sinks ? net.execution() : net.rehearsal();
        feed = new Feed(net.name(), net.data());
    }

    /** Samples of one epoch. */
    public long size() {
        return size;
    }

    /** Samples that the last run has taken. */
    public long samples() {
        return taken;
    }

    /** Ends a run, in progress or later, after the batch it is at; from any thread. */
    public void interrupt() {
        interrupted = true;
    }

    /**
     * Runs the epoch, or what there is of it until {@link #interrupt()}.
     *
     * @return what the net's statistics have found, in the order of the layers
     * @throws DataException if data cannot be read or fits no layer
     */
    public List<Measured> run() {
        feed.restore(Collections.nCopies(net.data().size(), Position.START));
        execution.resetStatistics();
        step = 0;
        taken = 0;
        while (taken < size && !interrupted) {
            Batch b = feed.take();
            int valid = (int) Math.min(size - taken, feed.batchSize());
            execution.load(b.tensors());
            execution.valid(valid);
            execution.run(step++);
            check(b);
            feed.release(b);
            taken += valid;
        }
        feed.stop();
        return execution.measurements();
    }

    private void check(Batch b) {
        Optional<StatusReport> status = execution.status();
        if (status.isPresent()) {
            throw new DataException("net [" + net.name() + "], batch " + (step - 1) + " of a validation: "
                    + execution.explain(status.get(), b.tensors(), i -> sample(b, i)));
        }
    }

    /** Where a sample of a batch stands in the data of each data layer: {@code sample 14 of images}. */
    private String sample(Batch b, long i) {
        StringBuilder text = new StringBuilder();
        for (int d = 0; d < net.data().size(); d++) {
            DataInput input = net.data().get(d);
            long at = b.before(d).sample() + i;
            text.append(d == 0 ? "sample " : ", ").append(at % input.stream().size().orElse(Long.MAX_VALUE))
                    .append(" of ").append(input.layer());
        }
        return text.toString();
    }

    @Override
    public void close() {
        feed.close();
        execution.close();
    }
}
