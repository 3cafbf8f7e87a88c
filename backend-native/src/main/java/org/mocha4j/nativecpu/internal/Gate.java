package org.mocha4j.nativecpu.internal;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Lets as many teams of threads work at a time as there are processors for, in the order in which they came. A caller
 * whose team has room works at once, and then runs the programs of those who came meanwhile, since its team is awake
 * and theirs would have to be woken; after some of them it hands the rest over, so that nobody works for others for
 * ever. Callers that wait sleep.
 *
 * <p>A team of more threads than there are processors works alone.
 */
final class Gate {
    /** What a caller may run for others before it hands over. */
    static final int OTHERS = 16;

    /** A call that has to wait. */
    private static final class Turn {
        final Thread caller = Thread.currentThread();
        final int threads;
        final long program;
        final LongFunction<String> work;
        volatile State state = State.WAITING;
        String result;
        Throwable thrown;

        Turn(int threads, long program, LongFunction<String> work) {
            this.threads = threads;
            this.program = program;
            this.work = work;
        }

        void become(State s) {
            state = s;
            LockSupport.unpark(caller);
        }
    }

    private enum State {
        WAITING, ADMITTED, DONE
    }

    private final int processors;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private int working;

    Gate(int processors) {
        this.processors = processors;
    }

    /**
     * Runs a program by a team of so many threads, here or on the thread of another caller, and returns what the work
     * says.
     */
    String run(int threads, long program, LongFunction<String> work) {
        Turn turn = enter(threads, program, work);
        if (turn != null) {
            await(turn);
            if (turn.state == State.DONE) {
                return result(turn);
            }
        }
        try {
            return work.apply(program);
        } finally {
            serve(threads);
        }
    }

    private static String result(Turn turn) {
        if (turn.thrown instanceof Error e) {
            throw e;
        }
        if (turn.thrown instanceof RuntimeException e) {
            throw e;
        }
        return turn.result;
    }

    /** @return null if the team may work */
    private Turn enter(int threads, long program, LongFunction<String> work) {
        lock.lock();
        try {
            if (waiting.isEmpty() && fits(threads)) {
                working += threads;
                return null;
            }
            Turn t = new Turn(threads, program, work);
            waiting.add(t);
            return t;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(int threads) {
        return working == 0 || working + threads <= processors;
    }

    private static void await(Turn turn) {
        boolean interrupted = false;
        while (turn.state == State.WAITING) {
            LockSupport.park(turn);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            turn.caller.interrupt();
        }
    }

    /** Runs what others wait for, as long as their teams are like this one, then leaves. */
    private void serve(int threads) {
        for (int i = 0;; i++) {
            Turn next = i < OTHERS ? next(threads) : null;
            if (next == null) {
                leave(threads);
                return;
            }
            try {
                next.result = next.work.apply(next.program);
            } catch (RuntimeException | Error e) {
                next.thrown = e;                                 // it is the other's
            }
            next.become(State.DONE);
        }
    }

    private Turn next(int threads) {
        lock.lock();
        try {
            return !waiting.isEmpty() && waiting.peek().threads == threads ? waiting.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Admits those whose teams have room now, in their order. */
    private void leave(int threads) {
        lock.lock();
        try {
            working -= threads;
            while (!waiting.isEmpty() && fits(waiting.peek().threads)) {
                Turn t = waiting.poll();
                working += t.threads;
                t.become(State.ADMITTED);
            }
        } finally {
            lock.unlock();
        }
    }
}
