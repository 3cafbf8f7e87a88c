package org.mocha4j.odd.internal;

import org.mocha4j.api.DataType;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;

/** Element-wise ops on numbers, computed in double and rounded: for + − · / the same as the type's own arithmetic. */
@FunctionalInterface
interface Scalars {
    /** Unused operands are 0. */
    double at(double a, double b, double c, double d);

    static Scalars of(Elementwise op, DataType type) {
        if (type == DataType.FLOAT64) {
            return exact(op);
        }
        if (op instanceof Affine f) {
            float scale = (float) f.scale();
            float shift = (float) f.shift();
            return (a, b, c, d) -> (float) a * scale + shift;
        }
        Scalars s = exact(op);
        return (a, b, c, d) -> (float) s.at(a, b, c, d);
    }

    private static Scalars exact(Elementwise op) {
        if (op instanceof Affine f) {
            return (a, b, c, d) -> f.scale() * a + f.shift();
        } else if (op instanceof Pow p) {
            return (a, b, c, d) -> Math.pow(a, p.exponent());
        } else if (op instanceof Select s) {
            return select(s.comparison());
        } else if (op instanceof Exp) {
            return (a, b, c, d) -> Math.exp(a);
        } else if (op instanceof Log) {
            return (a, b, c, d) -> Math.log(a);
        } else if (op instanceof Tanh) {
            return (a, b, c, d) -> Math.tanh(a);
        } else if (op instanceof Abs) {
            return (a, b, c, d) -> Math.abs(a);
        } else if (op instanceof Sign) {
            return (a, b, c, d) -> a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a;
        } else if (op instanceof Add) {
            return (a, b, c, d) -> a + b;
        } else if (op instanceof Multiply) {
            return (a, b, c, d) -> a * b;
        } else if (op instanceof Divide) {
            return (a, b, c, d) -> a / b;
        } else if (op instanceof Max) {
            return (a, b, c, d) -> a >= b || a != a ? a : b;
        }
        throw new IllegalStateException("no scalar form of " + op);
    }

    private static Scalars select(Select.Comparison comparison) {
        return switch (comparison) {
            case LESS -> (a, b, c, d) -> a < b ? c : d;
            case LESS_OR_EQUAL -> (a, b, c, d) -> a <= b ? c : d;
            case EQUAL -> (a, b, c, d) -> a == b ? c : d;
        };
    }
}
