package org.mocha4j.cpu.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a device. A region's parts are claimed one by one by the caller and the workers; a caller that finds
 * the pool busy does all parts itself. Who does a part changes no result. Nothing is allocated per region.
 */
public final class Pool implements AutoCloseable {
    private static final int SPINS = 1500;

    private final Worker[] workers;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Parts of the region in the high half, the next one to be claimed in the low half. */
    private final AtomicLong state = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Region region;
    private volatile Thread caller;
    private volatile boolean closed;

    /** @param threads the callers' one included */
    public Pool(int threads) {
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    public int threads() {
        return workers.length + 1;
    }

    /** Does parts 0 … parts−1 and returns when all are done. Rethrows the first exception of a part. */
    public void run(int parts, Region r) {
        if (parts < 2 || workers.length == 0 || !busy.compareAndSet(false, true)) {
            for (int i = 0; i < parts; i++) {
                r.run(i, 0);
            }
            return;
        }
        try {
            done.set(0);
            failure.set(null);
            region = r;
            caller = Thread.currentThread();
            state.set((long) parts << 32);
            for (Worker w : workers) {
                if (w.parked) {
                    LockSupport.unpark(w);
                }
            }
            work(0);
            await(parts);
            Throwable t = failure.get();
            if (t instanceof RuntimeException e) {
                throw e;
            } else if (t instanceof Error e) {
                throw e;
            }
        } finally {
            region = null;
            caller = null;
            busy.set(false);
        }
    }

    private void await(int parts) {
        for (int spins = 0; done.get() != parts; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Claims and does parts until none is left. A successful claim keeps the region alive until its part is done. */
    private boolean work(int slot) {
        boolean any = false;
        while (true) {
            long s = state.get();
            int parts = (int) (s >>> 32);
            int next = (int) s;
            if (next >= parts) {
                return any;
            }
            if (!state.compareAndSet(s, s + 1)) {
                continue;
            }
            any = true;
            Thread waiting = caller;
            try {
                region.run(next, slot);
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
            if (done.incrementAndGet() == parts && slot != 0) {
                LockSupport.unpark(waiting);
            }
        }
    }

    /** Stops and awaits the workers. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Worker w : workers) {
            LockSupport.unpark(w);
            while (w.isAlive() && w != Thread.currentThread()) {
                try {
                    w.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether no worker runs any more. */
    boolean stopped() {
        for (Worker w : workers) {
            if (w.isAlive()) {
                return false;
            }
        }
        return true;
    }

    private final class Worker extends Thread {
        private final int slot;
        private volatile boolean parked;

        Worker(int slot) {
            super("mocha-cpu-" + slot);
            this.slot = slot;
            setDaemon(true);
        }

        @Override
        public void run() {
            int idle = 0;
            while (!closed) {
                if (work(slot)) {
                    idle = 0;
                } else if (idle++ < SPINS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (!closed && (int) state.get() >= (int) (state.get() >>> 32)) {
                        LockSupport.park(Pool.this);
                    }
                    parked = false;
                }
            }
        }
    }
}
