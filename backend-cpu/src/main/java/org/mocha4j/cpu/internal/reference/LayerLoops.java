package org.mocha4j.cpu.internal.reference;

import static org.mocha4j.cpu.internal.reference.Reference.count;
import static org.mocha4j.cpu.internal.reference.Reference.inPlace;
import static org.mocha4j.cpu.internal.reference.Reference.kernel;
import static org.mocha4j.cpu.internal.reference.Reference.update;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;

/** Softmax and its loss, batch normalisation, bias, update rules. */
final class LayerLoops {
    private LayerLoops() {
    }

    static List<Kernel<?>> kernels() {
        return List.of(inPlace(Softmax.class, (op, r, b) -> softmax(r, b, Lines.of(r, op.axis()))),
                inPlace(SoftmaxGradient.class, (op, r, b) -> softmaxGradient(r, b, Lines.of(r, op.axis()))),
                kernel(SoftmaxLoss.class, (op, r, b) -> softmaxLoss(b, Lines.of(r, op.axis()))),
                kernel(SoftmaxLossGradient.class, (op, r, b) -> softmaxLossGradient(b, Lines.of(r, op.axis()))),
                kernel(BatchNorm.class, LayerLoops::batchNorm),
                kernel(BatchNormGradient.class, LayerLoops::batchNormGradient), inPlace(Bias.class, LayerLoops::bias),
                update(SgdUpdate.class, (i, o) -> i == 2 * o, LayerLoops::sgd),
                update(AdamUpdate.class, (i, o) -> i == (o == 0 ? 0 : o + 1), LayerLoops::adam));
    }

    /** A tensor seen as lines along one axis: element e of line i is at start(i) + e · inner. */
    private record Lines(int count, int length, int inner) {
        static Lines of(PlanRequest r, int axis) {
            Shape x = r.inputs().get(0).shape();
            int a = x.axis(axis);
            int inner = (int) x.product(a + 1, x.rank());
            return new Lines((int) x.product(0, a) * inner, x.dim(a), inner);
        }

        int start(int line) {
            return line / inner * inner * length + line % inner;
        }

        double max(Reals x, int line) {
            double max = Double.NEGATIVE_INFINITY;
            for (int e = 0; e < length; e++) {
                max = Math.max(max, x.at(start(line) + e * inner));
            }
            return max;
        }

        /** Σ e^(x − max). */
        double sum(Reals x, int line, double max) {
            double sum = 0;
            for (int e = 0; e < length; e++) {
                sum += StrictMath.exp(x.at(start(line) + e * inner) - max);
            }
            return sum;
        }
    }

    private static Step softmax(PlanRequest r, Binding b, Lines l) {
        Reals x = Reals.of(b.in(0));
        Reals y = Reals.of(b.out(0));
        return () -> {
            for (int i = 0; i < l.count(); i++) {
                double max = l.max(x, i);
                double sum = l.sum(x, i, max);
                for (int e = 0; e < l.length(); e++) {
                    int at = l.start(i) + e * l.inner();
                    y.set(at, StrictMath.exp(x.at(at) - max) / sum);
                }
            }
        };
    }

    private static Step softmaxGradient(PlanRequest r, Binding b, Lines l) {
        Reals y = Reals.of(b.in(0));
        Reals dy = Reals.of(b.in(1));
        Reals dx = Reals.of(b.out(0));
        return () -> {
            for (int i = 0; i < l.count(); i++) {
                double dot = 0;
                for (int e = 0; e < l.length(); e++) {
                    int at = l.start(i) + e * l.inner();
                    dot += y.at(at) * dy.at(at);
                }
                for (int e = 0; e < l.length(); e++) {
                    int at = l.start(i) + e * l.inner();
                    dx.set(at, y.at(at) * (dy.at(at) - dot));
                }
            }
        };
    }

    private static boolean isClass(double label, int classes) {
        return label >= 0 && label < classes && label == (int) label;
    }

    private static Step softmaxLoss(Binding b, Lines l) {
        Reals x = Reals.of(b.in(0));
        Reals labels = Reals.of(b.in(1));
        Reals y = Reals.of(b.out(0));
        return () -> {
            double total = 0;
            for (int i = 0; i < l.count(); i++) {
                double label = labels.at(i);
                double max = l.max(x, i);
                total += StrictMath.log(l.sum(x, i, max));
                if (isClass(label, l.length())) {
                    total -= x.at(l.start(i) + (int) label * l.inner()) - max;
                } else {
                    Status.report(b.status(), Status.BAD_LABEL, i, label);
                }
            }
            y.set(0, total / l.count());
        };
    }

    private static Step softmaxLossGradient(Binding b, Lines l) {
        Reals x = Reals.of(b.in(0));
        Reals labels = Reals.of(b.in(1));
        Reals d = Reals.of(b.in(2));
        Reals dx = Reals.of(b.out(0));
        return () -> {
            double scale = d.at(0) / l.count();
            for (int i = 0; i < l.count(); i++) {
                double max = l.max(x, i);
                double sum = l.sum(x, i, max);
                for (int e = 0; e < l.length(); e++) {
                    int at = l.start(i) + e * l.inner();
                    double p = StrictMath.exp(x.at(at) - max) / sum;
                    dx.set(at, (p - (labels.at(i) == e ? 1 : 0)) * scale);
                }
            }
        };
    }

    private static Step batchNorm(BatchNorm op, PlanRequest r, Binding b) {
        Shape s = r.inputs().get(0).shape();
        int channels = s.dim(1);
        int inner = (int) s.product(2, s.rank());
        int m = s.dim(0) * inner;
        Reals x = Reals.of(b.in(0));
        Reals scale = Reals.of(b.in(1));
        Reals shift = Reals.of(b.in(2));
        Reals y = Reals.of(b.out(0));
        Reals means = Reals.of(b.out(1));
        Reals variances = Reals.of(b.out(2));
        return () -> {
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int i = 0; i < m; i++) {
                    sum += x.at(place(i, c, channels, inner));
                }
                double mean = sum / m;
                double squares = 0;
                for (int i = 0; i < m; i++) {
                    double v = x.at(place(i, c, channels, inner)) - mean;
                    squares += v * v;
                }
                double factor = scale.at(c) / StrictMath.sqrt(squares / m + op.epsilon());
                for (int i = 0; i < m; i++) {
                    int at = place(i, c, channels, inner);
                    y.set(at, (x.at(at) - mean) * factor + shift.at(c));
                }
                means.set(c, mean);
                variances.set(c, squares / m);
            }
        };
    }

    /** Where element i of channel c is. */
    private static int place(int i, int c, int channels, int inner) {
        return (i / inner * channels + c) * inner + i % inner;
    }

    private static Step batchNormGradient(BatchNormGradient op, PlanRequest r, Binding b) {
        Shape s = r.inputs().get(0).shape();
        int channels = s.dim(1);
        int inner = (int) s.product(2, s.rank());
        int m = s.dim(0) * inner;
        Reals x = Reals.of(b.in(0));
        Reals scale = Reals.of(b.in(1));
        Reals mean = Reals.of(b.in(2));
        Reals variance = Reals.of(b.in(3));
        Reals dy = Reals.of(b.in(4));
        Reals dx = Reals.of(b.out(0));
        Reals dScale = Reals.of(b.out(1));
        Reals dShift = Reals.of(b.out(2));
        return () -> {
            for (int c = 0; c < channels; c++) {
                double inverse = 1 / StrictMath.sqrt(variance.at(c) + op.epsilon());
                double sum = 0;
                double dot = 0;
                for (int i = 0; i < m; i++) {
                    int at = place(i, c, channels, inner);
                    sum += dy.at(at);
                    dot += dy.at(at) * (x.at(at) - mean.at(c)) * inverse;
                }
                for (int i = 0; i < m; i++) {
                    int at = place(i, c, channels, inner);
                    double hat = (x.at(at) - mean.at(c)) * inverse;
                    dx.set(at, scale.at(c) * inverse * (dy.at(at) - (sum + hat * dot) / m));
                }
                dScale.set(c, dot);
                dShift.set(c, sum);
            }
        };
    }

    private static Step bias(Bias op, PlanRequest r, Binding b) {
        Shape s = r.inputs().get(0).shape();
        int axis = s.axis(op.axis());
        int inner = (int) s.product(axis + 1, s.rank());
        int length = s.dim(axis);
        int n = count(r.outputs().get(0));
        Reals x = Reals.of(b.in(0));
        Reals bias = Reals.of(b.in(1));
        Reals y = Reals.of(b.out(0));
        return () -> {
            for (int i = 0; i < n; i++) {
                y.set(i, x.at(i) + bias.at(i / inner % length));
            }
        };
    }

    private static Step sgd(SgdUpdate op, PlanRequest r, Binding b) {
        int n = count(r.outputs().get(0));
        Reals w = Reals.of(b.in(0));
        Reals gradient = Reals.of(b.in(1));
        Reals h = Reals.of(b.in(2));
        Reals rate = Reals.of(b.in(3));
        Reals momentum = Reals.of(b.in(4));
        Reals newW = Reals.of(b.out(0));
        Reals newH = Reals.of(b.out(1));
        return () -> {
            if (!Status.clear(b.status())) {
                return;
            }
            for (int i = 0; i < n; i++) {
                double step = w.round(w.round(momentum.at(0) * h.at(i)) - w.round(rate.at(0) * gradient.at(i)));
                newW.set(i, w.at(i) + step);
                newH.set(i, step);
            }
        };
    }

    private static Step adam(AdamUpdate op, PlanRequest r, Binding b) {
        int n = count(r.outputs().get(0));
        Reals w = Reals.of(b.in(0));
        Reals gradient = Reals.of(b.in(1));
        Reals m = Reals.of(b.in(2));
        Reals v = Reals.of(b.in(3));
        Reals rate = Reals.of(b.in(4));
        Reals c1 = Reals.of(b.in(5));
        Reals c2 = Reals.of(b.in(6));
        Reals newW = Reals.of(b.out(0));
        Reals newM = Reals.of(b.out(1));
        Reals newV = Reals.of(b.out(2));
        return () -> {
            if (!Status.clear(b.status())) {
                return;
            }
            for (int i = 0; i < n; i++) {
                double g = gradient.at(i);
                double first = op.beta1() * m.at(i) + (1 - op.beta1()) * g;
                double second = op.beta2() * v.at(i) + (1 - op.beta2()) * g * g;
                double step = c1.at(0) * first / (StrictMath.sqrt(c2.at(0) * second) + op.epsilon());
                newW.set(i, w.at(i) - rate.at(0) * step);
                newM.set(i, first);
                newV.set(i, second);
            }
        };
    }
}
