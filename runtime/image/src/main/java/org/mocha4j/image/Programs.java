package org.mocha4j.image;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;

/** The programs of a net by size of the batch, for many threads: each is used by one at a time, a few stay open. */
final class Programs {
    private final Net net;
    private final String input;
    private final Shape sample;
    private final List<String> outputs;
    private final int most = Math.max(4, Runtime.getRuntime().availableProcessors());
    private final Deque<Program> idle = new ArrayDeque<>();

    /** @param size samples of a batch */
    record Program(int size, Execution execution) { }

    Programs(Net net, String input, Shape sample, String output) {
        this.net = net;
        this.input = input;
        this.sample = sample;
        this.outputs = List.of(output);
    }

    Program take(int size) {
        synchronized (idle) {
            for (Iterator<Program> it = idle.iterator(); it.hasNext();) {
                Program p = it.next();
                if (p.size() == size) {
                    it.remove();
                    return p;
                }
            }
        }
        return new Program(size, net.inference(Map.of(input, shape(size)), outputs));
    }

    Shape shape(int size) {
        return Shape.of(size, sample.dim(0), sample.dim(1), sample.dim(2));
    }

    /** Takes a program back and closes the one that was idle for longest, if there are too many. */
    void give(Program p) {
        Program old = null;
        synchronized (idle) {
            idle.addFirst(p);
            if (idle.size() > most) {
                old = idle.removeLast();
            }
        }
        if (old != null) {
            old.execution().close();
        }
    }
}
