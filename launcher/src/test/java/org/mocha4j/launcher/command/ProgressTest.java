package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter terminal = new StringWriter();
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();

    private void step(Progress p, long iteration, long milliseconds) {
        clock.set(milliseconds * 1_000_000);
        p.step(iteration, 100, iteration * 64, () -> {
            reads.incrementAndGet();
            return 0.5;
        });
    }

    @Test void readsTheLossOnlyForALineAndAtMostFiveTimesASecond() {
        Progress p = new Progress(new PrintWriter(out), new PrintWriter(terminal), clock::get);
        for (int i = 1; i <= 100; i++) {
            step(p, i, 10 * i);                                  // a second
        }
        assertEquals(4, reads.get());
        assertEquals("21/100  21%  loss 0.50000  6,400 samples/s  ETA 1 s", terminal.toString().split("\r")[1]);
    }

    @Test void linesTakeTheProgressLineAway() {
        Progress p = new Progress(new PrintWriter(out), new PrintWriter(terminal), clock::get);
        step(p, 1, 0);
        step(p, 11, 1000);
        int length = terminal.toString().length() - 1;
        p.line("000011 :: TRAIN obj-val = 0.50000000");
        assertEquals("000011 :: TRAIN obj-val = 0.50000000", out.toString().strip());
        assertEquals("\r11/100  11%  loss 0.50000  640 samples/s  ETA 9 s\r" + " ".repeat(length) + "\r",
            terminal.toString());
    }

    @Test void showsNothingElsewhere() {
        Progress p = new Progress(new PrintWriter(out), null, clock::get);
        step(p, 1, 0);
        step(p, 2, 1000);
        assertEquals(0, reads.get());
    }
}
