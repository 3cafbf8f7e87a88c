package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final int COLUMNS = 80;

    private final StringWriter out = new StringWriter();
    private final StringWriter terminal = new StringWriter();
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();

    private Progress progress(PrintWriter lines, int columns) {
        return new Progress(lines, new PrintWriter(terminal), columns, clock::get);
    }

    private void step(Progress p, long iteration, long milliseconds) {
        clock.set(milliseconds * 1_000_000);
        p.step(iteration, 100, iteration * 64, () -> {
            reads.incrementAndGet();
            return 0.5;
        });
    }

    /** Waits until a text was drawn: the bar has a thread of its own. */
    private void drawn(String text) throws InterruptedException {
        for (int i = 0; i < 1000 && !terminal.toString().contains(text); i++) {
            Thread.sleep(10);
        }
        assertTrue(terminal.toString().contains(text), terminal.toString());
    }

    @Test void readsTheLossOnlyForTheBarAndAtMostFiveTimesASecond() throws Exception {
        Progress p = progress(new PrintWriter(out), COLUMNS);
        for (int i = 1; i <= 90; i++) {
            step(p, i, 10 * i);                                  // nine tenths of a second
        }
        assertEquals(4, reads.get());
        p.close();                                               // draws it once more
        String drawing = terminal.toString();
        assertTrue(drawing.matches("(?s).* 90% \\[=+ +] +90/100 "
            + "\\(0:00:\\d\\d / 0:00:\\d\\d\\) loss 0\\.50000, 6,400 samples/s\r.*"),
            drawing);
        for (String drawn : drawing.split("\r")) {
            assertTrue(drawn.length() < COLUMNS, drawn);
        }
        assertEquals("", out.toString());
    }

    @Test void linesTakeTheBarAwayAndItsEndToo() throws Exception {
        Progress p = progress(new PrintWriter(terminal), COLUMNS);
        step(p, 1, 0);
        drawn("1/100");
        p.line("000001 :: TRAIN obj-val = 0.50000000");
        step(p, 11, 1000);
        p.close();
        drawn(" 11/100 ");
        p.close();
        step(p, 12, 2000);
        p.line("done");
        String blank = "\r" + " ".repeat(COLUMNS - 1) + "\r\r";
        String all = terminal.toString().replace(System.lineSeparator(), "\n");
        assertTrue(all.contains(blank + "000001 :: TRAIN obj-val = 0.50000000\n\r "), all);
        assertTrue(all.endsWith(blank + "done\n"), all);
        assertEquals(1, reads.get());
    }

    @Test void showsNothingElsewhere() {
        Progress p = progress(new PrintWriter(out), 0);
        step(p, 1, 0);
        step(p, 2, 1000);
        p.close();
        assertEquals(0, reads.get());
        assertEquals("", terminal.toString());
    }
}
