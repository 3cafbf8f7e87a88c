package org.mocha4j.layers;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Spec;

/** What a {@link MemoryOutput} has kept. May be read while it is written to, and after it is closed. */
public final class Recording implements Sink.Writer {
    private final List<List<Array>> kept = new ArrayList<>();

    Recording(int bottoms) {
        for (int i = 0; i < bottoms; i++) {
            kept.add(new ArrayList<>());
        }
    }

    @Override
    public synchronized void write(List<HostTensor> batch, int valid) {
        for (int i = 0; i < kept.size(); i++) {
            Spec s = batch.get(i).spec();
            Spec first = s.shape().rank() == 0 ? s : s.with(s.shape().with(0, Math.min(valid, s.shape().dim(0))));
            kept.get(i).add(HostTensor.wrap(first, batch.get(i).array()).toArray());
        }
    }

    /** The batches of one bottom so far, in order; each has its valid samples only. */
    public synchronized List<Array> batches(int bottom) {
        return List.copyOf(kept.get(bottom));
    }

    /** All samples of one bottom so far in one tensor. @throws IllegalStateException if there are none */
    public Array all(int bottom) {
        List<Array> batches = batches(bottom);
        if (batches.isEmpty()) {
            throw new IllegalStateException("nothing was recorded yet");
        }
        Spec s = batches.get(0).spec();
        int samples = batches.stream().mapToInt(b -> b.shape().rank() == 0 ? 1 : b.shape().dim(0)).sum();
        HostTensor out = HostTensor.allocate(s.with(s.shape().rank() == 0 ? Shape.of(samples)
                : s.shape().with(0, samples)));
        int at = 0;
        for (Array b : batches) {
            for (int i = 0; i < b.elements(); i++) {
                out.set(at++, b.at(i));
            }
        }
        return out.toArray();
    }

    /** Forgets everything. */
    public synchronized void clear() {
        kept.forEach(List::clear);
    }

    /** Keeps what was recorded. */
    @Override
    public void close() {
    }
}
