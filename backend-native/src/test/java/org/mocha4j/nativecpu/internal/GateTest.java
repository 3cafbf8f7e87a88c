package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who works when; counted, not timed. */
@Timeout(600)
class GateTest {
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<Long> order = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> workers = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    /** Program 0 stays inside until the latch opens; every program notes itself and the thread that runs it. */
    private String work(long program) {
        order.add(program);
        workers.add(Thread.currentThread());
        if (program == 0) {
            inside.countDown();
            await(open);
        }
        return program < 0 ? null : "program " + program;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts callers one after the other; each waits before the next comes. */
    private List<Future<String>> queue(Gate gate, int threads, int from, int to) throws Exception {
        List<Future<String>> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            long program = i;
            Thread[] caller = new Thread[1];
            CountDownLatch started = new CountDownLatch(1);
            all.add(callers.submit(() -> {
                caller[0] = Thread.currentThread();
                started.countDown();
                return gate.run(threads, program, this::work);
            }));
            await(started);
            while (caller[0].getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        return all;
    }

    /** Runs the same from several callers at once, and gives the most that worked at a time. */
    private int mostAtOnce(Gate gate, int threads, int callersAtOnce) throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LongFunction<String> count = p -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.yield();
            now.decrementAndGet();
            return "of " + p;
        };
        List<Callable<Integer>> all = new ArrayList<>();
        for (int c = 0; c < callersAtOnce; c++) {
            long program = c;
            all.add(() -> {
                int right = 0;
                for (int i = 0; i < 2000; i++) {
                    right += gate.run(threads, program, count).equals("of " + program) ? 1 : 0;
                }
                return right;
            });
        }
        for (Future<Integer> f : callers.invokeAll(all)) {
            assertEquals(2000, f.get());
        }
        return most.get();
    }

    @Test
    void oneTeamAtATimeWhereTheProcessorsHaveRoomForOne() throws Exception {
        assertEquals(1, mostAtOnce(new Gate(2), 2, 8));
        assertEquals(1, mostAtOnce(new Gate(3), 2, 8));
        assertEquals(1, mostAtOnce(new Gate(1), 1, 8));
    }

    @Test
    void aTeamOfMoreThreadsThanProcessorsWorksAlone() throws Exception {
        assertEquals(1, mostAtOnce(new Gate(2), 5, 4));
    }

    @Test
    void asManyTeamsSideBySideAsThereIsRoomFor() throws Exception {
        assertTrue(mostAtOnce(new Gate(4), 2, 8) <= 2);
        Gate gate = new Gate(4);
        CountDownLatch four = new CountDownLatch(4);
        List<Callable<String>> all = Collections.nCopies(4, () -> gate.run(1, 7, p -> {
            four.countDown();
            await(four);                                         // returns only if all four are at work
            return "met";
        }));
        for (Future<String> f : callers.invokeAll(all)) {
            assertEquals("met", f.get());
        }
    }

    @Test
    void inTheOrderInWhichTheyCame() throws Exception {
        Gate gate = new Gate(2);
        Future<String> first = callers.submit(() -> gate.run(2, 0, this::work));
        await(inside);
        List<Future<String>> others = queue(gate, 2, 1, 6);
        open.countDown();
        assertEquals("program 0", first.get());
        for (int i = 1; i < 6; i++) {
            assertEquals("program " + i, others.get(i - 1).get());
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), order);
    }

    @Test
    void aSmallTeamDoesNotOvertakeALargeOneThatWaits() throws Exception {
        Gate gate = new Gate(4);
        Future<String> first = callers.submit(() -> gate.run(2, 0, this::work));
        await(inside);
        List<Future<String>> all = queue(gate, 4, 1, 2);
        all.addAll(queue(gate, 1, 2, 3));
        open.countDown();
        first.get();
        assertEquals("program 1", all.get(0).get());
        assertEquals("program 2", all.get(1).get());
        assertEquals(List.of(0L, 1L, 2L), order);
    }

    @Test
    void whoWorksRunsSomeForOthersAndThenHandsOver() throws Exception {
        Gate gate = new Gate(2);
        Future<String> first = callers.submit(() -> gate.run(2, 0, this::work));
        await(inside);
        List<Future<String>> others = queue(gate, 2, 1, Gate.OTHERS + 4);
        open.countDown();
        first.get();
        for (Future<String> f : others) {
            f.get();
        }
        Thread one = workers.get(0);
        assertEquals(Collections.nCopies(1 + Gate.OTHERS, one), workers.subList(0, 1 + Gate.OTHERS));
        assertTrue(workers.get(1 + Gate.OTHERS) != one, "the next waits no longer than that");
    }

    @Test
    void whatFailsIsToldToItsOwnCaller() throws Exception {
        Gate gate = new Gate(2);
        Future<String> first = callers.submit(() -> gate.run(2, 0, this::work));
        await(inside);
        Future<String> failing = callers.submit(() -> gate.run(2, 1, p -> {
            throw new IllegalArgumentException("no " + p);
        }));
        Future<String> worse = callers.submit(() -> gate.run(2, 2, p -> {
            throw new StackOverflowError("deep");
        }));
        open.countDown();
        assertEquals("program 0", first.get());
        assertEquals("no 1", assertThrows(ExecutionException.class, failing::get).getCause().getMessage());
        assertEquals("deep", assertThrows(ExecutionException.class, worse::get).getCause().getMessage());
        assertThrows(IllegalStateException.class, () -> gate.run(2, 3, p -> {
            throw new IllegalStateException();
        }));
        assertNull(gate.run(2, -1, this::work), "it goes on");
    }

    @Test
    void anInterruptedCallerWaitsAndStaysInterrupted() throws Exception {
        Gate gate = new Gate(1);
        Future<String> first = callers.submit(() -> gate.run(1, 0, this::work));
        await(inside);
        boolean[] interrupted = new boolean[1];
        String[] said = new String[1];
        Thread waiting = new Thread(() -> {
            said[0] = gate.run(1, 1, this::work);
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        waiting.start();
        waiting.interrupt();
        open.countDown();
        waiting.join();
        assertEquals("program 0", first.get());
        assertEquals("program 1", said[0]);
        assertTrue(interrupted[0]);
    }
}
