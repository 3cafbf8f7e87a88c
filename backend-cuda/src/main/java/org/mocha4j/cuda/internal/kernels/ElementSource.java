package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Op;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
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

/** Writes the kernel of a run of element-wise ops: operand i is {@code v<i>}, the inputs first, then each instruction's result. */
final class ElementSource {
    static final String KERNEL = "elements";
    private final int inputs;
    private final StringBuilder body = new StringBuilder();
    private int operands;

    /** @param repeated inputs of one element */
    ElementSource(int inputs, Set<Integer> repeated) {
        this.inputs = inputs;
        for (int i = 0; i < inputs; i++) {
            body.append("        const real v").append(i).append(" = x").append(i)
                    .append(repeated.contains(i) ? "[0];\n" : "[i];\n");
        }
        operands = inputs;
    }

    void instruction(Op op, List<Integer> of) {
        List<String> v = of.stream().map(i -> "v" + i).toList();
        body.append("        const real v").append(operands++).append(" = ").append(expression(op, v)).append(";\n");
    }

    String text(List<Integer> results) {
        StringBuilder s = new StringBuilder("\nKERNEL ").append(KERNEL).append("(whole n");
        for (int i = 0; i < inputs; i++) {
            s.append(", const real *x").append(i);
        }
        for (int i = 0; i < results.size(); i++) {
            s.append(", real *y").append(i);
        }
        s.append(") {\n    EACH(i, n) {\n").append(body);
        for (int i = 0; i < results.size(); i++) {
            s.append("        y").append(i).append("[i] = v").append(results.get(i)).append(";\n");
        }
        return s.append("    }\n}\n").toString();
    }

    private static String expression(Op op, List<String> v) {
        String a = v.get(0);
        String b = v.size() > 1 ? v.get(1) : a;
        if (op instanceof Affine f) {
            return number(f.scale()) + " * " + a + " + " + number(f.shift());
        } else if (op instanceof Pow p) {
            return "power(" + a + ", " + Double.toString(p.exponent()) + ")";
        } else if (op instanceof Select s) {
            String comparison = switch (s.comparison()) {
                case LESS -> " < ";
                case LESS_OR_EQUAL -> " <= ";
                case EQUAL -> " == ";
            };
            return a + comparison + b + " ? " + v.get(2) + " : " + v.get(3);
        } else if (op instanceof Dropout d) {
            return b + " > " + number(d.ratio()) + " ? " + a + " * " + number(1 / (1 - d.ratio())) + " : (real)0";
        }
        return v.size() == 1 ? unary(op, a) : binary(op, a, b);
    }

    private static String unary(Op op, String a) {
        if (op instanceof Exp) {
            return "exp(" + a + ")";
        } else if (op instanceof Log) {
            return "log(" + a + ")";
        } else if (op instanceof Tanh) {
            return "tanh(" + a + ")";
        } else if (op instanceof Abs) {
            return "fabs(" + a + ")";
        } else if (op instanceof Sign) {
            return "sign(" + a + ")";
        } else if (op instanceof Relu) {
            return "relu(" + a + ")";
        } else if (op instanceof Sigmoid) {
            return "sigmoid(" + a + ")";
        }
        throw new IllegalArgumentException("no expression for " + op);
    }

    private static String binary(Op op, String a, String b) {
        if (op instanceof Add) {
            return a + " + " + b;
        } else if (op instanceof Multiply) {
            return a + " * " + b;
        } else if (op instanceof Divide) {
            return a + " / " + b;
        } else if (op instanceof Max) {
            return "larger(" + a + ", " + b + ")";
        } else if (op instanceof ReluGradient) {
            return a + " > 0 ? " + b + " : (real)0";
        } else if (op instanceof SigmoidGradient) {
            return b + " * (" + a + " * (1 - " + a + "))";
        }
        throw new IllegalArgumentException("no expression for " + op);
    }

    /** Rounded to the type where it is compiled. */
    private static String number(double d) {
        return "(real)" + (d < 0 || 1 / d < 0 ? "(" + d + ")" : Double.toString(d));
    }
}
