package org.mocha4j.cpu.internal.float32;

import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Random;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Functions;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/**
 * The numbers of {@link org.mocha4j.api.Philox}, four words at a time; normal ones agree within rounding to float32.
 */
final class RandomKernel {
    private static final int PART = 4096;
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    private RandomKernel() {
    }

    static List<Kernel<?>> all(Pool pool) {
        return List.of(Fast.floats(Random.class, (op, r) -> new CpuPlan("philox", 1, 1,
                b -> bind(pool, op, Math.toIntExact(r.outputs().get(0).elements()), b))));
    }

    private static Step bind(Pool pool, Random op, int n, Binding b) {
        long[] counters = b.in(0).longs();
        float[] y = b.out(0).floats();
        Distribution d = op.distribution();
        boolean uniform = d.kind() == Distribution.Kind.UNIFORM;
        int[][] words = new int[pool.threads()][4];
        Region region = (part, slot) -> {
            int from = part * PART;
            int to = Math.min(n, from + PART);
            if (uniform) {
                uniform(counters[0] ^ op.key(), counters[1], d.a(), d.b() - d.a(), y, from, to, words[slot]);
            } else {
                normal(counters[0] ^ (op.key() + 1), counters[1], d.a(), d.b(), y, from, to, words[slot]);
            }
        };
        return () -> pool.run((n + PART - 1) / PART, region);
    }

    private static void uniform(long key, long step, double a, double factor, float[] y, int from, int to,
                                int[] words) {
        for (int i = from; i < to; i += 4) {
            block(key, step, i >> 2, words);
            for (int j = 0; j < Math.min(4, to - i); j++) {
                y[i + j] = (float) (a + factor * ((words[j] >>> 8) * 0x1p-24));
            }
        }
    }

    private static void normal(long key, long step, double a, double factor, float[] y, int from, int to, int[] words) {
        for (int i = from; i < to; i += 2) {
            block(key, step, i >> 1, words);
            for (int j = 0; j < Math.min(2, to - i); j++) {
                double u = (words[2 * j] >>> 8) * 0x1p-24;
                double v = (words[2 * j + 1] >>> 8) * 0x1p-24;
                y[i + j] = (float) (a + factor * (Math.sqrt(-2 * StrictMath.log(1 - u)) * Functions.cosTurns(v)));
            }
        }
    }

    /** Ten rounds of Philox 4x32 on the counter (block, step). */
    private static void block(long key, long step, int block, int[] words) {
        int c0 = block;
        int c1 = 0;
        int c2 = (int) step;
        int c3 = (int) (step >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = M0 * (c0 & LOW);
            long p1 = M1 * (c2 & LOW);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }
}
