package org.mocha4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Permutation;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;

/** The stream of {@link MemoryData}: rows of tensors held in the net's type. */
final class MemoryStream implements DataStream {
    private final List<HostTensor> data = new ArrayList<>();
    private final List<Spec> specs = new ArrayList<>();
    private final int samples;
    private final boolean shuffle;
    private final long seed;
    private final long key;
    private long epoch;
    private long taken;

    MemoryStream(MemoryData config, Source.Context c) {
        samples = config.data().get(0).shape().dim(0);
        shuffle = config.shuffle();
        seed = c.seed();
        key = Philox.key(c.layer() + "/shuffle");
        for (int i = 0; i < config.data().size(); i++) {
            Array a = config.data().get(i);
            Spec spec = new Spec(c.type(), a.shape());
            HostTensor t = HostTensor.allocate(spec);
            a.copyTo(t);
            screen(t, c.layer(), config.names().get(i));
            data.add(t);
            specs.add(spec.with(spec.shape().with(0, config.batchSize())));
        }
    }

    private void screen(HostTensor t, String layer, String name) {
        int row = t.elements() / samples;
        for (int i = 0; i < t.elements(); i++) {
            if (!Double.isFinite(t.get(i))) {
                throw new DataException("data layer [" + layer + "], stream [" + name + "], row " + i / row + ": found "
                        + t.get(i) + "; expected: finite numbers");
            }
        }
    }

    @Override
    public List<Spec> specs() {
        return List.copyOf(specs);
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(samples);
    }

    @Override
    public Position position() {
        return new Position(epoch, taken);
    }

    @Override
    public void restore(Position p) {
        if (p.epoch() < 0 || p.sample() < 0 || p.sample() >= samples) {
            throw new DataException("cannot go on from " + p + ": there are " + samples + " samples");
        }
        epoch = p.epoch();
        taken = p.sample();
    }

    @Override
    public void next(List<HostTensor> batch) {
        Shape first = batch.get(0).shape();
        for (int n = 0; n < first.dim(0); n++) {
            int from = (int) (shuffle ? Permutation.at(seed, key, epoch, samples, taken) : taken);
            for (int i = 0; i < data.size(); i++) {
                HostTensor t = data.get(i);
                int row = t.elements() / samples;
                System.arraycopy(t.array(), from * row, batch.get(i).array(), n * row, row);
            }
            if (++taken == samples) {
                taken = 0;
                epoch++;
            }
        }
    }

    @Override
    public void close() {
    }
}
