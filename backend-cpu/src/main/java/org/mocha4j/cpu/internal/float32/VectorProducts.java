package org.mocha4j.cpu.internal.float32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products by the Vector API: tiles of 4 rows by 2 vectors, eight accumulators. Wider tiles spill. Every method that
 * holds vectors is static and keeps them in locals, so that none is boxed once it is compiled.
 */
final class VectorProducts extends Products {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class,
            VectorShape.forBitSize(S.length() * Integer.SIZE));
    /** Vectors of ints in two sizes, which float32 and float64 together need, are boxed on JDK 17. */
    private static final boolean BOXED = I.vectorBitSize() != S.vectorBitSize() && Runtime.version().feature() < 25;
    private static final int L = S.length();
    private static final int ROWS = 4;
    private static final int COLUMNS = 2 * L;
    /** For every length below a vector's, which lanes are below it. */
    private static final boolean[] TAILS = tails();

    @Override
    String description() {
        return S.vectorBitSize() + "-bit vectors";
    }

    @Override
    int rows() {
        return ROWS;
    }

    @Override
    int columns() {
        return COLUMNS;
    }

    private static boolean[] tails() {
        boolean[] t = new boolean[L * L];
        for (int i = 0; i < t.length; i++) {
            t[i] = i % L < i / L;
        }
        return t;
    }

    @Override
    int unit() {
        return L;
    }

    @Override
    int lanes() {
        return COLUMNS;
    }

    @Override
    float[][] work() {
        return new float[][] {new float[ROWS * COLUMNS]};
    }

    @Override
    void multiply(float[] a, int aAt, float[] b, int bAt, int k, float[] c, int cAt, int ld, int m, int n,
                  boolean accumulate, float[][] work) {
        for (int j = 0; j < n; j += COLUMNS) {
            for (int i = 0; i < m; i += ROWS) {
                int to = cAt + i * ld + j;
                if (i + ROWS <= m && j + COLUMNS <= n) {
                    tile(a, aAt + i * k, b, bAt + j * k, k, c, to, ld, accumulate);
                } else {
                    tile(a, aAt + i * k, b, bAt + j * k, k, work[0], 0, COLUMNS, false);
                    edge(work[0], c, to, ld, Math.min(ROWS, m - i), Math.min(COLUMNS, n - j), accumulate);
                }
            }
        }
    }

    private static void edge(float[] tile, float[] c, int at, int ld, int m, int n, boolean accumulate) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float v = tile[i * COLUMNS + j];
                c[at + i * ld + j] = accumulate ? c[at + i * ld + j] + v : v;
            }
        }
    }

    private static void tile(float[] a, int aAt, float[] b, int bAt, int k, float[] c, int at, int ld,
                             boolean accumulate) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        int p = aAt;
        int q = bAt;
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + L);
            FloatVector x = FloatVector.broadcast(S, a[p]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[p + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[p + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[p + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            p += ROWS;
            q += COLUMNS;
        }
        if (accumulate) {
            c00 = c00.add(FloatVector.fromArray(S, c, at));
            c01 = c01.add(FloatVector.fromArray(S, c, at + L));
            c10 = c10.add(FloatVector.fromArray(S, c, at + ld));
            c11 = c11.add(FloatVector.fromArray(S, c, at + ld + L));
            c20 = c20.add(FloatVector.fromArray(S, c, at + 2 * ld));
            c21 = c21.add(FloatVector.fromArray(S, c, at + 2 * ld + L));
            c30 = c30.add(FloatVector.fromArray(S, c, at + 3 * ld));
            c31 = c31.add(FloatVector.fromArray(S, c, at + 3 * ld + L));
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + L);
        c10.intoArray(c, at + ld);
        c11.intoArray(c, at + ld + L);
        c20.intoArray(c, at + 2 * ld);
        c21.intoArray(c, at + 2 * ld + L);
        c30.intoArray(c, at + 3 * ld);
        c31.intoArray(c, at + 3 * ld + L);
    }

    @Override
    void correlate(float[] x, int at, int[] offsets, int[] places, int count, float[] b, int bAt, int cAt, int ld,
                   boolean accumulate, float[][] work) {
        int last = offsets.length - 1;
        for (int j = 0; j < ld; j += COLUMNS) {
            for (int k = 0; k <= last; k += ROWS) {
                tile(x, at + offsets[k], at + offsets[Math.min(k + 1, last)], at + offsets[Math.min(k + 2, last)],
                        at + offsets[Math.min(k + 3, last)], places, count, b, bAt + j * count, cAt + k * ld + j, ld,
                        accumulate);
            }
        }
    }

    private static void tile(float[] x, int p0, int p1, int p2, int p3, int[] places, int count, float[] b, int bAt,
                             int at, int ld, boolean accumulate) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        int q = bAt;
        for (int i = 0; i < count; i++) {
            int d = places[i];
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + L);
            FloatVector v = FloatVector.broadcast(S, x[p0 + d]);
            c00 = v.fma(b0, c00);
            c01 = v.fma(b1, c01);
            v = FloatVector.broadcast(S, x[p1 + d]);
            c10 = v.fma(b0, c10);
            c11 = v.fma(b1, c11);
            v = FloatVector.broadcast(S, x[p2 + d]);
            c20 = v.fma(b0, c20);
            c21 = v.fma(b1, c21);
            v = FloatVector.broadcast(S, x[p3 + d]);
            c30 = v.fma(b0, c30);
            c31 = v.fma(b1, c31);
            q += COLUMNS;
        }
        if (accumulate) {
            c00 = c00.add(FloatVector.fromArray(S, b, at));
            c01 = c01.add(FloatVector.fromArray(S, b, at + L));
            c10 = c10.add(FloatVector.fromArray(S, b, at + ld));
            c11 = c11.add(FloatVector.fromArray(S, b, at + ld + L));
            c20 = c20.add(FloatVector.fromArray(S, b, at + 2 * ld));
            c21 = c21.add(FloatVector.fromArray(S, b, at + 2 * ld + L));
            c30 = c30.add(FloatVector.fromArray(S, b, at + 3 * ld));
            c31 = c31.add(FloatVector.fromArray(S, b, at + 3 * ld + L));
        }
        c00.intoArray(b, at);
        c01.intoArray(b, at + L);
        c10.intoArray(b, at + ld);
        c11.intoArray(b, at + ld + L);
        c20.intoArray(b, at + 2 * ld);
        c21.intoArray(b, at + 2 * ld + L);
        c30.intoArray(b, at + 3 * ld);
        c31.intoArray(b, at + 3 * ld + L);
    }

    @Override
    void pack(float[] x, int at, int[] offsets, int first, int count, Runs runs, int q, int lines, float[] to, int toAt,
              int step) {
        if (!runs.vectors()) {
            super.pack(x, at, offsets, first, count, runs, q, lines, to, toAt, step);
            return;
        }
        for (int l = 0; l < lines; l += L) {
            int v = (q + l) / L;
            int[] starts = runs.starts(v);
            if (starts.length == 1) {
                whole(x, at + starts[0], offsets, first, count, to, toAt + l, step);
            } else {
                pieces(x, at, starts, runs.masks(v), offsets, first, count, to, toAt + l, step);
            }
        }
    }

    private static void whole(float[] x, int at, int[] offsets, int first, int count, float[] to, int toAt, int step) {
        for (int p = 0; p < count; p++) {
            FloatVector.fromArray(S, x, at + offsets[first + p]).intoArray(to, toAt + p * step);
        }
    }

    private static void pieces(float[] x, int at, int[] starts, boolean[] masks, int[] offsets, int first, int count,
                               float[] to, int toAt, int step) {
        for (int p = 0; p < count; p++) {
            int from = at + offsets[first + p];
            FloatVector v = FloatVector.fromArray(S, x, from + starts[0]);
            for (int r = 1; r < starts.length; r++) {
                v = v.blend(FloatVector.fromArray(S, x, from + starts[r]), VectorMask.fromArray(S, masks, r * L));
            }
            v.intoArray(to, toAt + p * step);
        }
    }

    @Override
    void addRuns(float[] x, int at, int step, float[] to, int toAt, int toStep, int inner, int count, int n, int end) {
        int rows = inner > 1 ? 0 : Math.min(count, toStep == 0 ? count : Math.max(0, (end - toAt - n - L) / toStep));
        if (rows > 0) {
            addRuns(x, at, step, to, toAt, toStep, rows, n, TAILS, n % L * L);
        }
        super.addRuns(x, at + rows * step, step, to, toAt + rows * toStep, toStep, inner, count - rows, n, end);
    }

    /** What lies behind a run is written as it was. */
    private static void addRuns(float[] x, int at, int step, float[] to, int toAt, int toStep, int count, int n,
                                boolean[] tails, int tail) {
        int whole = n - n % L;
        for (int r = 0; r < count; r++) {
            int from = at + r * step;
            int o = toAt + r * toStep;
            for (int i = 0; i < whole; i += L) {
                FloatVector.fromArray(S, to, o + i).add(FloatVector.fromArray(S, x, from + i)).intoArray(to, o + i);
            }
            if (whole < n) {
                FloatVector v = FloatVector.fromArray(S, to, o + whole);
                v.blend(v.add(FloatVector.fromArray(S, x, from + whole)), VectorMask.fromArray(S, tails, tail))
                        .intoArray(to, o + whole);
            }
        }
    }

    @Override
    void addOne(float[] c, int at, int n, float bias, int f) {
        int whole = n - n % L;
        one(c, at, at + whole, bias, f == RELU);
        super.addOne(c, at + whole, n - whole, bias, f);
    }

    private static void one(float[] c, int from, int to, float bias, boolean relu) {
        FloatVector v = FloatVector.broadcast(S, bias);
        for (int i = from; i < to; i += L) {
            FloatVector y = FloatVector.fromArray(S, c, i).add(v);
            if (relu) {
                y = y.blend(0, y.lt(0));
            }
            y.intoArray(c, i);
        }
    }

    @Override
    void addEach(float[] c, int at, int n, float[] bias, int from, int f) {
        int whole = n - n % L;
        each(c, at, whole, bias, from, f == RELU);
        super.addEach(c, at + whole, n - whole, bias, from + whole, f);
    }

    private static void each(float[] c, int at, int n, float[] bias, int from, boolean relu) {
        for (int i = 0; i < n; i += L) {
            FloatVector y = FloatVector.fromArray(S, c, at + i).add(FloatVector.fromArray(S, bias, from + i));
            if (relu) {
                y = y.blend(0, y.lt(0));
            }
            y.intoArray(c, at + i);
        }
    }

    @Override
    void maxima(float[] x, int at, int[] table, int elements, int n, float[] best, int bestAt, int[] indices,
                int indicesAt) {
        if (n < L || BOXED) {
            super.maxima(x, at, table, elements, n, best, bestAt, indices, indicesAt);
            return;
        }
        for (int q = 0; q < n; q += L) {
            int from = Math.min(q, n - L);
            windows(x, at, table, elements, n, from, best, bestAt + from, indices, indicesAt + from);
        }
    }

    private static void windows(float[] x, int at, int[] table, int elements, int n, int q, float[] best, int bestAt,
                                int[] indices, int indicesAt) {
        FloatVector max = FloatVector.fromArray(S, x, at, table, q);
        IntVector index = IntVector.fromArray(I, table, q);
        for (int e = 1; e < elements; e++) {
            int t = e * n + q;
            FloatVector v = FloatVector.fromArray(S, x, at, table, t);
            VectorMask<Float> wins = v.compare(VectorOperators.LE, max).not().and(v.compare(VectorOperators.EQ, v));
            max = max.blend(v, wins);
            index = index.blend(IntVector.fromArray(I, table, t), wins.cast(I));
        }
        max.intoArray(best, bestAt);
        if (indices != null) {
            index.intoArray(indices, indicesAt);
        }
    }
}
