package org.mocha4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Checks;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.MochaException;
import org.mocha4j.runtime.DataInput;

/**
 * Prepares the batches of a net's data layers ahead, in a thread of its own, in a ring of buffers that are used again
 * and again. The thread starts with the first {@link #take()}; from then on it is the only user of the streams, until
 * {@link #stop()}, {@link #restore} or {@link #close()}. Nothing is allocated while batches go round.
 *
 * <p>The last batch that was given back is kept until the next one is, so that an error that a device reports one step
 * late can still be explained with its data.
 */
public final class Feed implements AutoCloseable {
    /** Batches in the ring: one in use, the one before it, one that is being prepared. */
    public static final int DEPTH = 3;

    private final String name;
    private final List<DataInput> data;
    private final Batch[] ring;
    private final long[] sizes;
    private final int[] batchSizes;
    private final long[] epochs;
    private final long[] samples;
    private final long[] usedEpochs;
    private final long[] usedSamples;
    private final Object lock = new Object();
    private int next;
    private Batch previous;
    private Thread thread;
    private boolean stopping;
    private boolean closed;
    private Throwable failure;

    public Feed(String name, List<DataInput> data) {
        this(name, data, DEPTH);
    }

    /**
     * @param name  of the net; the thread is called {@code mocha-feed-NAME}
     * @param data  the net's data layers, whose streams stay the net's
     * @param depth batches in the ring, at least 3
     */
    public Feed(String name, List<DataInput> data, int depth) {
        Checks.require(depth >= DEPTH, "depth", depth, "at least " + DEPTH);
        this.name = name;
        this.data = List.copyOf(data);
        int n = this.data.size();
        ring = new Batch[depth];
        for (int i = 0; i < depth; i++) {
            ring[i] = new Batch(this.data);
        }
        sizes = this.data.stream().mapToLong(d -> d.stream().size().orElse(Long.MAX_VALUE)).toArray();
        for (int i = 0; i < n; i++) {
            Checks.require(sizes[i] > 0, "size of data layer " + this.data.get(i).layer(), sizes[i], "at least 1 sample");
        }
        batchSizes = this.data.stream().mapToInt(d -> d.specs().get(0).shape().dim(0)).toArray();
        epochs = new long[n];
        samples = new long[n];
        usedEpochs = new long[n];
        usedSamples = new long[n];
        readPositions();
    }

    private void readPositions() {
        for (int i = 0; i < data.size(); i++) {
            Position p = data.get(i).stream().position();
            epochs[i] = p.epoch();
            samples[i] = p.sample();
            usedEpochs[i] = p.epoch();
            usedSamples[i] = p.sample();
        }
    }

    /**
     * The next batch; waits until it is ready. It belongs to the caller until {@link #release}.
     *
     * @throws DataException that the stream threw while it prepared this batch; the batches before it are handed out
     */
    public Batch take() {
        synchronized (lock) {
            start();
            Batch b = ring[next];
            while (b.state != Batch.FULL) {
                open();
                if (failure != null) {
                    throw failed();
                }
                if (b.state == Batch.TAKEN) {
                    throw new IllegalStateException("all batches of feed " + name + " are taken; release one first");
                }
                await();
            }
            b.state = Batch.TAKEN;
            next = (next + 1) % ring.length;
            return b;
        }
    }

    /** Says that a batch, the oldest one taken, was used. */
    public void release(Batch b) {
        synchronized (lock) {
            if (b.state != Batch.TAKEN || b == previous) {
                throw new IllegalStateException("the batch was released before");
            }
            if (previous != null) {
                previous.state = Batch.FREE;
                lock.notifyAll();
            }
            previous = b;
            System.arraycopy(b.epochAfter, 0, usedEpochs, 0, usedEpochs.length);
            System.arraycopy(b.sampleAfter, 0, usedSamples, 0, usedSamples.length);
        }
    }

    /** The batch that was released last, still unchanged; null if there is none. */
    public Batch previous() {
        return previous;
    }

    /** Where each stream stands after the batches that were released, whatever was prepared beyond. */
    public List<Position> consumed() {
        synchronized (lock) {
            List<Position> all = new ArrayList<>();
            for (int i = 0; i < usedEpochs.length; i++) {
                all.add(new Position(usedEpochs[i], usedSamples[i]));
            }
            return all;
        }
    }

    /** Completed epochs of the first data layer, as far as its batches were released; 0 without data layers. */
    public long epoch() {
        return usedEpochs.length == 0 ? 0 : usedEpochs[0];
    }

    /** The samples of a batch of the first data layer; 0 without data layers. */
    public int batchSize() {
        return batchSizes.length == 0 ? 0 : batchSizes[0];
    }

    /** Drops what was prepared and goes on from the given positions, one per data layer. */
    public void restore(List<Position> positions) {
        Checks.require(positions.size() == data.size(), "positions", positions.size(), data.size() + ", one per data layer");
        halt(false);
        for (int i = 0; i < data.size(); i++) {
            data.get(i).stream().restore(positions.get(i));
        }
        readPositions();
    }

    /** Ends the thread and sets the streams back to what was released; {@link #take()} starts again. */
    public void stop() {
        restore(consumed());
    }

    @Override
    public void close() {
        halt(true);
    }

    private void start() {
        open();
        if (thread == null) {
            thread = new Thread(this::prepare, "mocha-feed-" + name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("feed " + name + " is closed");
        }
    }

    /** Ends the thread, which completes the batch it is at, and empties the ring. */
    private void halt(boolean forEver) {
        Thread running;
        synchronized (lock) {
            if (!forEver) {
                open();
            }
            closed |= forEver;
            stopping = true;
            running = thread;
            lock.notifyAll();
        }
        join(running);
        synchronized (lock) {
            stopping = false;
            thread = null;
            failure = null;
            previous = null;
            next = 0;
            for (Batch b : ring) {
                b.state = Batch.FREE;
            }
        }
    }

    private static void join(Thread running) {
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;                              // the streams must not be left to another thread
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void prepare() {
        try {
            for (int at = 0; claim(ring[at]); at = (at + 1) % ring.length) {
                fill(ring[at]);
            }
        } catch (Throwable e) {
            synchronized (lock) {
                failure = e;
                lock.notifyAll();
            }
        }
    }

    /** Waits until a buffer is free; false when the thread shall end. */
    private boolean claim(Batch b) throws InterruptedException {
        synchronized (lock) {
            while (b.state != Batch.FREE && !stopping) {
                lock.wait();
            }
            return !stopping;
        }
    }

    private void fill(Batch b) {
        for (int i = 0; i < data.size(); i++) {
            b.epochBefore[i] = epochs[i];
            b.sampleBefore[i] = samples[i];
            data.get(i).stream().next(b.tensors().get(i));
            long s = samples[i] + batchSizes[i];
            epochs[i] += s / sizes[i];
            samples[i] = s % sizes[i];
            b.epochAfter[i] = epochs[i];
            b.sampleAfter[i] = samples[i];
        }
        synchronized (lock) {
            b.state = Batch.FULL;
            lock.notifyAll();
        }
    }

    private void await() {
        try {
            lock.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MochaException("interrupted while waiting for data of net " + name, e);
        }
    }

    private RuntimeException failed() {
        if (failure instanceof MochaException e) {
            return e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return new DataException("reading data for net " + name + " failed: " + failure, failure);
    }
}
