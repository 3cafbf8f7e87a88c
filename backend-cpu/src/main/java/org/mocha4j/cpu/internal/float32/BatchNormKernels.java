package org.mocha4j.cpu.internal.float32;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/** Batch normalisation and its gradient, channel by channel; sums in double. */
final class BatchNormKernels {
    private final Pool pool;

    private BatchNormKernels(Pool pool) {
        this.pool = pool;
    }

    static List<Kernel<?>> all(Pool pool) {
        BatchNormKernels k = new BatchNormKernels(pool);
        return List.of(Fast.floats(BatchNorm.class, (op, r) -> new CpuPlan("channels", 3, 3, b -> k.forward(op, r, b))),
                Fast.floats(BatchNormGradient.class, (op, r) -> new CpuPlan("channels", 5, 3,
                        b -> k.backward(op, r, b))));
    }

    private Step forward(BatchNorm op, PlanRequest r, Binding b) {
        Shape s = r.inputs().get(0).shape();
        int samples = s.dim(0);
        int channels = s.dim(1);
        int inner = (int) s.product(2, s.rank());
        double m = (double) samples * inner;
        float[] x = b.in(0).floats();
        float[] scale = b.in(1).floats();
        float[] shift = b.in(2).floats();
        float[] y = b.out(0).floats();
        float[] means = b.out(1).floats();
        float[] variances = b.out(2).floats();
        Region channel = (c, slot) -> {
            double sum = 0;
            for (int n = 0; n < samples; n++) {
                sum += SumKernels.sum(x, (n * channels + c) * inner, inner);
            }
            double mean = sum / m;
            double squares = 0;
            for (int n = 0; n < samples; n++) {
                squares += squares(x, (n * channels + c) * inner, inner, mean);
            }
            double factor = scale[c] / Math.sqrt(squares / m + op.epsilon());
            for (int n = 0; n < samples; n++) {
                int at = (n * channels + c) * inner;
                for (int i = at; i < at + inner; i++) {
                    y[i] = (float) ((x[i] - mean) * factor + shift[c]);
                }
            }
            means[c] = (float) mean;
            variances[c] = (float) (squares / m);
        };
        return () -> pool.run(channels, channel);
    }

    private static double squares(float[] x, int at, int n, double mean) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = at;
        for (int end = at + n - 3; i < end; i += 4) {
            double d0 = x[i] - mean;
            double d1 = x[i + 1] - mean;
            double d2 = x[i + 2] - mean;
            double d3 = x[i + 3] - mean;
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        double sum = (s0 + s1) + (s2 + s3);
        for (; i < at + n; i++) {
            sum += (x[i] - mean) * (x[i] - mean);
        }
        return sum;
    }

    private Step backward(BatchNormGradient op, PlanRequest r, Binding b) {
        Shape s = r.inputs().get(0).shape();
        int samples = s.dim(0);
        int channels = s.dim(1);
        int inner = (int) s.product(2, s.rank());
        double m = (double) samples * inner;
        float[] x = b.in(0).floats();
        float[] scale = b.in(1).floats();
        float[] mean = b.in(2).floats();
        float[] variance = b.in(3).floats();
        float[] dy = b.in(4).floats();
        float[] dx = b.out(0).floats();
        float[] dScale = b.out(1).floats();
        float[] dShift = b.out(2).floats();
        Region channel = (c, slot) -> {
            double inverse = 1 / Math.sqrt(variance[c] + op.epsilon());
            double sum = 0;
            double dot = 0;
            for (int n = 0; n < samples; n++) {
                int at = (n * channels + c) * inner;
                sum += SumKernels.sum(dy, at, inner);
                dot += dot(dy, x, at, inner, mean[c]);
            }
            dot *= inverse;
            double factor = scale[c] * inverse;
            for (int n = 0; n < samples; n++) {
                int at = (n * channels + c) * inner;
                for (int i = at; i < at + inner; i++) {
                    double hat = (x[i] - mean[c]) * inverse;
                    dx[i] = (float) (factor * (dy[i] - (sum + hat * dot) / m));
                }
            }
            dScale[c] = (float) dot;
            dShift[c] = (float) sum;
        };
        return () -> pool.run(channels, channel);
    }

    private static double dot(float[] dy, float[] x, int at, int n, double mean) {
        double s0 = 0;
        double s1 = 0;
        int i = at;
        for (int end = at + n - 1; i < end; i += 2) {
            s0 += dy[i] * (x[i] - mean);
            s1 += dy[i + 1] * (x[i + 1] - mean);
        }
        return i < at + n ? s0 + s1 + dy[i] * (x[i] - mean) : s0 + s1;
    }
}
