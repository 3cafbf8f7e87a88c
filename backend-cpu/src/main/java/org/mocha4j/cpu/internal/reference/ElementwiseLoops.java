package org.mocha4j.cpu.internal.reference;

import static org.mocha4j.cpu.internal.reference.Reference.count;
import static org.mocha4j.cpu.internal.reference.Reference.inPlace;

import java.util.List;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;
import org.mocha4j.cpu.internal.Powers;

/** Ops whose output elements depend on the input elements at the same index. */
final class ElementwiseLoops {
    private ElementwiseLoops() {
    }

    static List<Kernel<?>> kernels() {
        return List.of(primitive(Affine.class), primitive(Exp.class), primitive(Log.class), primitive(Tanh.class),
                primitive(Pow.class), primitive(Abs.class), primitive(Sign.class), primitive(Add.class),
                primitive(Multiply.class), primitive(Divide.class), primitive(Max.class), primitive(Select.class),
                inPlace(FusedElementwise.class, ElementwiseLoops::fused),
                inPlace(Relu.class, (op, r, b) -> loop(r, b, t -> (x, y, u, v) -> x >= 0 || x != x ? x : 0)),
                inPlace(ReluGradient.class, (op, r, b) -> loop(r, b, t -> (y, dy, u, v) -> y > 0 ? dy : 0)),
                inPlace(Sigmoid.class, (op, r, b) -> loop(r, b, t -> (x, y, u, v) -> 1 / (1 + StrictMath.exp(-x)))),
                inPlace(SigmoidGradient.class, (op, r, b) -> loop(r, b, t -> (y, dy, u, v) -> dy * y * (1 - y))),
                inPlace(Dropout.class, (op, r, b) -> loop(r, b, t -> dropout(t, op.ratio()))));
    }

    /** One element from up to four operands; the result is rounded by the caller. */
    @FunctionalInterface
    interface Function {
        double apply(double a, double b, double c, double d);
    }

    /** A function for a type, for what it must round on the way. */
    @FunctionalInterface
    private interface ForType {
        Function of(Reals type);
    }

    private static <E extends Elementwise> Kernel<E> primitive(Class<E> op) {
        return inPlace(op, (o, r, b) -> loop(r, b, t -> function(o, t)));
    }

    private static Function dropout(Reals t, double ratio) {
        double limit = t.round(ratio);
        double scale = t.round(1 / (1 - ratio));
        return (x, u, c, d) -> u > limit ? x * scale : 0;
    }

    private static Function function(Elementwise op, Reals t) {
        if (op instanceof Affine f) {
            double scale = t.round(f.scale());
            double shift = t.round(f.shift());
            return (a, b, c, d) -> t.round(scale * a) + shift;
        } else if (op instanceof Exp) {
            return (a, b, c, d) -> StrictMath.exp(a);
        } else if (op instanceof Log) {
            return (a, b, c, d) -> StrictMath.log(a);
        } else if (op instanceof Tanh) {
            return (a, b, c, d) -> StrictMath.tanh(a);
        } else if (op instanceof Pow f) {
            return (a, b, c, d) -> Powers.pow(a, f.exponent());
        } else if (op instanceof Abs) {
            return (a, b, c, d) -> Math.abs(a);
        } else if (op instanceof Sign) {
            return (a, b, c, d) -> Math.signum(a);
        } else if (op instanceof Add) {
            return (a, b, c, d) -> a + b;
        } else if (op instanceof Multiply) {
            return (a, b, c, d) -> a * b;
        } else if (op instanceof Divide) {
            return (a, b, c, d) -> a / b;
        } else if (op instanceof Max) {
            return (a, b, c, d) -> a >= b || a != a ? a : b;
        }
        return switch (((Select) op).comparison()) {
            case LESS -> (a, b, x, y) -> a < b ? x : y;
            case LESS_OR_EQUAL -> (a, b, x, y) -> a <= b ? x : y;
            case EQUAL -> (a, b, x, y) -> a == b ? x : y;
        };
    }

    private static Step loop(PlanRequest r, Binding b, ForType f) {
        int n = count(r.outputs().get(0));
        Reals y = Reals.of(b.out(0));
        Reals[] in = new Reals[4];
        for (int i = 0; i < 4; i++) {
            in[i] = i < r.inputs().size() ? Reals.of(b.in(i)) : in[0];
        }
        Function function = f.of(y);
        return () -> {
            for (int i = 0; i < n; i++) {
                y.set(i, function.apply(in[0].at(i), in[1].at(i), in[2].at(i), in[3].at(i)));
            }
        };
    }

    private static Step fused(FusedElementwise op, PlanRequest r, Binding b) {
        int n = count(r.outputs().get(0));
        int inputs = op.inputs();
        Reals[] in = new Reals[inputs];
        boolean[] single = new boolean[inputs];
        for (int i = 0; i < inputs; i++) {
            in[i] = Reals.of(b.in(i));
            single[i] = count(r.inputs().get(i)) == 1;
        }
        Reals[] out = new Reals[r.outputs().size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = Reals.of(b.out(i));
        }
        Function[] code = new Function[op.code().size()];
        int[][] operands = new int[code.length][4];
        for (int i = 0; i < code.length; i++) {
            code[i] = function(op.code().get(i).op(), out[0]);
            List<Integer> o = op.code().get(i).operands();
            for (int j = 0; j < 4; j++) {
                operands[i][j] = o.get(Math.min(j, o.size() - 1));
            }
        }
        int[] results = op.results().stream().mapToInt(Integer::intValue).toArray();
        double[] v = new double[inputs + code.length];
        return () -> {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < inputs; j++) {
                    v[j] = in[j].at(single[j] ? 0 : i);
                }
                for (int j = 0; j < code.length; j++) {
                    int[] o = operands[j];
                    v[inputs + j] = out[0].round(code[j].apply(v[o[0]], v[o[1]], v[o[2]], v[o[3]]));
                }
                for (int j = 0; j < results.length; j++) {
                    out[j].set(i, v[results[j]]);
                }
            }
        };
    }
}
