package org.mocha4j.runtime.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream.Position;

@Timeout(60)
class FeedTest {
    private static void expect(Batch b, int size, long from) {
        float[] found = b.tensors().get(0).get(0).floats();
        for (int i = 0; i < found.length; i++) {
            assertEquals((float) Fakes.Stream.value(size, (from + i) / size, (from + i) % size), found[i],
                    "sample " + (from + i));
        }
        assertEquals(new Position(from / size, from % size), b.before(0));
        assertEquals(new Position((from + found.length) / size, (from + found.length) % size), b.after(0));
    }

    @Test
    void givesAllBatchesInOrderAndWraps() {
        try (Feed feed = new Feed("net", Fakes.inputs(new Fakes.Stream(10, 4)))) {
            for (int i = 0; i < 50; i++) {
                Batch b = feed.take();
                expect(b, 10, 4L * i);
                feed.release(b);
                assertEquals((4L * i + 4) / 10, feed.epoch());
            }
        }
    }

    @Test
    void severalStreamsKeepTheirOwnPositions() {
        try (Feed feed = new Feed("net", Fakes.inputs(new Fakes.Stream(10, 4), new Fakes.Stream(3, 2)), 5)) {
            for (int i = 0; i < 7; i++) {
                feed.release(feed.take());
            }
            assertEquals(List.of(new Position(2, 8), new Position(4, 2)), feed.consumed());
            assertEquals(2, feed.epoch());
        }
    }

    @Test
    void consumedIsWhatWasReleasedNotWhatWasPrepared() throws InterruptedException {
        Fakes.Stream stream = new Fakes.Stream(100, 4);
        try (Feed feed = new Feed("net", Fakes.inputs(stream))) {
            Batch b = feed.take();
            while (stream.batches < 3) {
                Thread.sleep(1);
            }
            assertEquals(List.of(Position.START), feed.consumed());
            feed.release(b);
            assertEquals(List.of(new Position(0, 4)), feed.consumed());
        }
    }

    @Test
    void restoreDropsWhatWasPrepared() {
        try (Feed feed = new Feed("net", Fakes.inputs(new Fakes.Stream(10, 4)))) {
            for (int i = 0; i < 4; i++) {
                feed.release(feed.take());
            }
            feed.restore(List.of(new Position(7, 3)));
            assertEquals(List.of(new Position(7, 3)), feed.consumed());
            for (int i = 0; i < 10; i++) {
                Batch b = feed.take();
                expect(b, 10, 73 + 4L * i);
                feed.release(b);
            }
            feed.stop();
            expect(feed.take(), 10, 113);
        }
    }

    @Test
    void theReleasedBatchStaysUntilTheNextIsReleased() throws InterruptedException {
        Fakes.Stream stream = new Fakes.Stream(101, 4);
        try (Feed feed = new Feed("net", Fakes.inputs(stream))) {
            Batch first = feed.take();
            feed.release(first);
            Batch second = feed.take();
            while (stream.batches < 3) {
                Thread.sleep(1);
            }
            Thread.sleep(20);
            assertEquals(3, stream.batches);
            assertSame(first, feed.previous());
            expect(first, 101, 0);
            feed.release(second);
            expect(feed.take(), 101, 8);
        }
    }

    @Test
    void anExceptionOfTheThreadComesAfterTheGoodBatches() {
        Fakes.Stream stream = new Fakes.Stream(10, 4);
        stream.failAt = 2;
        try (Feed feed = new Feed("net", Fakes.inputs(stream))) {
            feed.release(feed.take());
            feed.release(feed.take());
            assertSame(stream.failure, assertThrows(DataException.class, feed::take));
            assertSame(stream.failure, assertThrows(DataException.class, feed::take));
            assertEquals(List.of(new Position(0, 8)), feed.consumed());
            stream.failAt = -1;
            feed.stop();
            expect(feed.take(), 10, 8);
        }
    }

    @Test
    void anyOtherExceptionIsADataException() {
        Fakes.Stream stream = new Fakes.Stream(10, 4);
        stream.failAt = 0;
        stream.failure = new IllegalStateException("boom");
        try (Feed feed = new Feed("net", Fakes.inputs(stream))) {
            assertEquals("reading data for net net failed: java.lang.IllegalStateException: boom",
                    assertThrows(DataException.class, feed::take).getMessage());
        }
    }

    @Test
    void misuseIsRefused() {
        try (Feed feed = new Feed("net", Fakes.inputs(new Fakes.Stream(10, 4)))) {
            Batch b = feed.take();
            feed.take();
            feed.take();
            assertThrows(IllegalStateException.class, feed::take);
            feed.release(b);
            assertThrows(IllegalStateException.class, () -> feed.release(b));
            assertEquals("positions is 2; expected: 1, one per data layer", assertThrows(ConfigurationException.class,
                    () -> feed.restore(List.of(Position.START, Position.START))).getMessage());
        }
        Feed closed = new Feed("net", Fakes.inputs(new Fakes.Stream(10, 4)));
        closed.close();
        assertThrows(IllegalStateException.class, closed::take);
    }

    @Test
    void closeIsPromptAndEndsTheThread() {
        Fakes.Stream stream = new Fakes.Stream(10, 4);
        stream.delayMillis = 30;
        Feed feed = new Feed("prompt", Fakes.inputs(stream));
        feed.release(feed.take());
        long start = System.nanoTime();
        feed.close();
        assertTrue(System.nanoTime() - start < 1_000_000_000L);
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals("mocha-feed-prompt")));
        int batches = stream.batches;
        feed.close();
        assertEquals(batches, stream.batches);
    }

    @Test
    void aWaitingTakerIsWokenByClose() throws InterruptedException {
        Fakes.Stream stream = new Fakes.Stream(10, 4);
        stream.delayMillis = 100;
        Feed feed = new Feed("woken", Fakes.inputs(stream));
        Throwable[] found = new Throwable[1];
        Thread taker = new Thread(() -> found[0] = assertThrows(IllegalStateException.class, () -> {
            while (true) {
                feed.release(feed.take());
            }
        }));
        taker.start();
        Thread.sleep(50);
        feed.close();
        taker.join(5000);
        assertEquals("feed woken is closed", found[0].getMessage());
    }
}
