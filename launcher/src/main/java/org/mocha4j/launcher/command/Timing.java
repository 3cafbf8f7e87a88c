package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.runtime.Flops;
import org.mocha4j.runtime.Profile;
import org.mocha4j.runtime.Profile.Entry;
import org.mocha4j.runtime.Session;

/**
 * What was measured.
 *
 * @param warmup       whole steps before those that count
 * @param steps        milliseconds of each whole step, in order
 * @param ops          in the order in which they run
 * @param matmulGflops the rate of a product of two square matrices of {@link #MATRIX} in the net's type, 10⁹ operations
 *                     a second, median of {@link #ROUNDS}, each measured before a fifth of the steps; of one where
 *                     that takes more than two seconds
 */
record Timing(int warmup, double[] steps, List<OpTime> ops, double matmulGflops) {
    static final int MATRIX = 1024;
    static final int ROUNDS = 5;
    /** Repetitions of what was warmed up in another form. */
    private static final int SOME = 10;
    private static final int LEAST_WARMUP = 30;
    /** A rate at which products are not repeated, in 10⁹ operations a second. */
    private static final double SLOW = 1;
    private static final double WARMUP_SECONDS = 4;

    /** A step of a program. @param millis the median, of all its runs within one whole step together */
    record OpTime(Entry entry, double millis) { }

    /** @param warmup null: as long as a just-in-time compiler needs */
    static Timing measure(Session session, Stepper stepper, Integer warmup, int steps) {
        int warm = warmUp(stepper, warmup);
        stepper.check();
        Array matrix = matrix(session);
        double[] product = new double[ROUNDS];
        double[] whole = new double[steps];
        for (int r = 0, s = 0; r < ROUNDS; r++) {
            product[r] = r == 0 ? firstProduct(session, matrix)
                : product[0] < SLOW ? product[0] : product(session, matrix, 1);
            for (; s < (long) steps * (r + 1) / ROUNDS; s++) {
                whole[s] = stepper.run() / 1e6;
            }
        }
        stepper.check();
        try (Profile profile = stepper.profile()) {
            List<OpTime> ops = ops(profile, warmup == null ? SOME : Math.min(warmup, SOME), steps);
            stepper.check();
            return new Timing(warm, whole, ops, median(product));
        }
    }

    private static int warmUp(Stepper stepper, Integer wanted) {
        long end = System.nanoTime() + (long) (WARMUP_SECONDS * 1e9);
        stepper.run();                                           // at least one, or there would be nothing to profile
        int done = 1;
        for (; wanted != null ? done < wanted : done < LEAST_WARMUP || System.nanoTime() < end; done++) {
            stepper.run();
        }
        return done;
    }

    private static Array matrix(Session session) {
        HostTensor t = HostTensor.allocate(Spec.of(session.type(), MATRIX, MATRIX));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, (i % 7 - 3) * 0.1);
        }
        return t.toArray();
    }

    /** The first rate, when a just-in-time compiler has done its work, or after a second. */
    private static double firstProduct(Session session, Array matrix) {
        long end = System.nanoTime() + (long) 1e9;
        double rate = product(session, matrix, 0);
        for (int i = 0; i < SOME && System.nanoTime() < end; i++) {
            rate = product(session, matrix, 0);
        }
        return rate;
    }

    private static double product(Session session, Array matrix, int warmup) {
        return 2.0 * MATRIX * MATRIX * MATRIX / session.time(List.of(matrix, matrix), warmup, 1,
            (g, in) -> List.of(g.op(new MatMul(false, false), in.get(0), in.get(1))))[0];
    }

    private static List<OpTime> ops(Profile profile, int warmup, int passes) {
        for (int i = 0; i < warmup; i++) {
            profile.run();
        }
        double[][] millis = new double[profile.entries().size()][passes];
        for (int i = 0; i < passes; i++) {
            long[] nanos = profile.run();
            for (int k = 0; k < nanos.length; k++) {
                millis[k][i] = nanos[k] / 1e6;
            }
        }
        List<OpTime> ops = new ArrayList<>();
        for (int k = 0; k < millis.length; k++) {
            ops.add(new OpTime(profile.entries().get(k), median(millis[k])));
        }
        return ops;
    }

    static double median(double[] values) {
        double[] v = values.clone();
        Arrays.sort(v);
        return (v[(v.length - 1) / 2] + v[v.length / 2]) / 2;
    }

    double stepMedian() {
        return median(steps);
    }

    double stepMin() {
        return Arrays.stream(steps).min().orElseThrow();
    }

    double stepMax() {
        return Arrays.stream(steps).max().orElseThrow();
    }

    /** The sum over the ops. */
    double opsMillis() {
        return ops.stream().mapToDouble(OpTime::millis).sum();
    }

    /** Of a whole step. */
    Flops flops() {
        return ops.stream().map(o -> o.entry().flops()).reduce(Flops.NONE, Flops::plus);
    }

    /** Products and convolutions of a step by its median time, 10⁹ operations a second. */
    double gflops() {
        return flops().products() / stepMedian() / 1e6;
    }

    /** The step's rate as a share of the machine's. */
    double share() {
        return gflops() / matmulGflops;
    }

    List<OpTime> slowestFirst() {
        return ops.stream().sorted(Comparator.comparingDouble(OpTime::millis).reversed()).toList();
    }
}
