package org.mocha4j.hdf5;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Permutation;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;

/** The stream of {@link HDF5Data}: runs of rows from one file after the other, or one row at a time where shuffled. */
final class HDF5Stream implements DataStream {
    private static final int MOST_OPEN = 128;
    private final List<DataFile> files = new ArrayList<>();
    private final ArrayDeque<DataFile> open = new ArrayDeque<>(MOST_OPEN + 1);
    private final List<Shape> rowShapes = new ArrayList<>();
    private final List<Spec> specs = new ArrayList<>();
    private final long[] ends;                                   // of each file, in samples from the first file's start
    private final boolean shuffle;
    private final long seed;
    private final long key;
    private final ChunkCache cache;
    private long size;
    private long epoch;
    private long taken;

    HDF5Stream(HDF5Data config, Source.Context c) {
        this(config, c, ChunkCache.forStream());
    }

    HDF5Stream(HDF5Data config, Source.Context c, ChunkCache cache) {
        this.cache = cache;
        List<Path> paths = SourceFiles.of(config.source(), c.base());
        List<String> names = config.names(c.tops());
        shuffle = config.shuffle();
        seed = c.seed();
        key = Philox.key(c.layer() + "/shuffle");
        ends = new long[paths.size()];
        try {
            for (Path p : paths) {
                add(new DataFile(p, names, cache));
            }
            if (size == 0) {
                throw new DataException(paths + " hold no rows; expected: at least one");
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        for (Shape row : rowShapes) {
            int[] dims = new int[row.rank() + 1];
            System.arraycopy(row.dims(), 0, dims, 1, row.rank());
            dims[0] = config.batchSize();
            specs.add(Spec.of(c.type(), dims));
        }
    }

    private void add(DataFile f) {
        keepOpen(f);
        files.add(f);
        for (int i = 0; i < f.streams(); i++) {
            Rows r = f.rows(i);
            if (rowShapes.size() <= i) {
                rowShapes.add(r.row);
            } else if (!r.row.equals(rowShapes.get(i))) {
                throw new DataException(r.where() + ": found rows of " + r.row + "; expected: " + rowShapes.get(i)
                        + ", as in " + files.get(0).path());
            }
        }
        size += f.rows(0).count;
        ends[files.size() - 1] = size;
    }

    private void keepOpen(DataFile f) {
        open.add(f);
        if (open.size() > MOST_OPEN) {
            open.remove().close();
        }
    }

    @Override
    public List<Spec> specs() {
        return List.copyOf(specs);
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(size);
    }

    @Override
    public Position position() {
        return new Position(epoch, taken);
    }

    @Override
    public void restore(Position p) {
        if (p.epoch() < 0 || p.sample() < 0 || p.sample() >= size) {
            throw new DataException("cannot go on from " + p + ": there are " + size + " samples");
        }
        epoch = p.epoch();
        taken = p.sample();
    }

    @Override
    public void next(List<HostTensor> batch) {
        int wanted = batch.get(0).shape().dim(0);
        announce(wanted);
        int done = 0;
        while (done < wanted) {
            long from = sample(epoch, taken);
            int f = file(from);
            int run = shuffle ? 1 : (int) Math.min(wanted - done, ends[f] - from);
            read(files.get(f), from - (f == 0 ? 0 : ends[f - 1]), run, batch, done);
            done += run;
            taken += run;
            if (taken == size) {
                taken = 0;
                epoch++;
            }
        }
        announce(wanted);
    }

    /** The sample that is taken as a certain one of an epoch. */
    private long sample(long inEpoch, long place) {
        return shuffle ? Permutation.at(seed, key, inEpoch, size, place) : place;
    }

    private int file(long sample) {
        int found = Arrays.binarySearch(ends, sample);
        int f = found >= 0 ? found + 1 : -found - 1;
        while (ends[f] <= sample) {                              // empty files end where the one before does
            f++;
        }
        return f;
    }

    /** Has chunks of the next samples, and of those behind them, decompressed by other threads. */
    private void announce(int samples) {
        long inEpoch = epoch;
        long place = taken;
        for (int i = 0; i < samples; i++) {
            long sample = sample(inEpoch, place);
            int f = file(sample);
            if (files.get(f).isOpen()) {
                for (int s = 0; s < rowShapes.size(); s++) {
                    Rows r = files.get(f).rows(s);
                    long row = sample - (f == 0 ? 0 : ends[f - 1]);
                    r.want(row);
                    if (!shuffle && i == samples - 1) {
                        r.wantAfter(row);
                    }
                }
            }
            if (++place == size) {
                place = 0;
                inEpoch++;
            }
        }
    }

    private void read(DataFile f, long row, int run, List<HostTensor> batch, int done) {
        if (!f.isOpen()) {
            f.open();
            keepOpen(f);
        }
        for (int i = 0; i < batch.size(); i++) {
            Rows r = f.rows(i);
            Object target = batch.get(i).array();
            r.read(row, run, target, done * r.rowElements);
            screen(r, row, target, done * r.rowElements, run * r.rowElements);
        }
    }

    private static void screen(Rows r, long row, Object target, int offset, int n) {
        if (target instanceof float[] a) {
            for (int i = offset; i < offset + n; i++) {
                if (!Float.isFinite(a[i])) {
                    throw notFinite(r, row + (i - offset) / r.rowElements, a[i]);
                }
            }
        } else if (target instanceof double[] a) {
            for (int i = offset; i < offset + n; i++) {
                if (!Double.isFinite(a[i])) {
                    throw notFinite(r, row + (i - offset) / r.rowElements, a[i]);
                }
            }
        }
    }

    private static DataException notFinite(Rows r, long row, double found) {
        return new DataException(r.where() + ", row " + row + ": found " + found + "; expected: finite numbers");
    }

    @Override
    public void close() {
        cache.close();
        open.forEach(DataFile::close);
        open.clear();
    }
}
