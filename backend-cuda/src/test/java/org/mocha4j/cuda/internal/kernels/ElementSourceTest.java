package org.mocha4j.cuda.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
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

class ElementSourceTest {
    @Test
    void aRunIsOneKernelWhoseValuesStayInRegisters() {
        ElementSource s = new ElementSource(3, Set.of(2));
        s.instruction(new Multiply(), List.of(2, 0));
        s.instruction(new Add(), List.of(3, 1));
        assertEquals("""

                KERNEL elements(whole n, const real *x0, const real *x1, const real *x2, real *y0, real *y1) {
                    EACH(i, n) {
                        const real v0 = x0[i];
                        const real v1 = x1[i];
                        const real v2 = x2[0];
                        const real v3 = v2 * v0;
                        const real v4 = v3 + v1;
                        y0[i] = v4;
                        y1[i] = v3;
                    }
                }
                """, s.code(List.of(4, 3), false).kernel());
    }

    private static String of(Op op, int operands) {
        ElementSource s = new ElementSource(operands, Set.of());
        s.instruction(op, List.of(0, 1, 2, 3).subList(0, operands));
        return s.code(List.of(operands), false).lines().stream()
                .filter(l -> l.startsWith("const real v" + operands + " = ")).findFirst().orElseThrow()
                .replaceFirst(".* = (.*);", "$1");
    }

    @Test
    void everyOpHasItsExpression() {
        assertEquals("(real)(-0.5) * v0 + (real)1.0E-7", of(new Affine(-0.5, 1e-7), 1));
        assertEquals("(real)2.0 * v0 + (real)(-0.0)", of(new Affine(2, -0.0), 1));
        assertEquals("exp(v0)", of(new Exp(), 1));
        assertEquals("log(v0)", of(new Log(), 1));
        assertEquals("tanh(v0)", of(new Tanh(), 1));
        assertEquals("power(v0, -1.75)", of(new Pow(-1.75), 1));
        assertEquals("fabs(v0)", of(new Abs(), 1));
        assertEquals("sign(v0)", of(new Sign(), 1));
        assertEquals("relu(v0)", of(new Relu(), 1));
        assertEquals("sigmoid(v0)", of(new Sigmoid(), 1));
        assertEquals("v0 + v1", of(new Add(), 2));
        assertEquals("v0 * v1", of(new Multiply(), 2));
        assertEquals("v0 / v1", of(new Divide(), 2));
        assertEquals("larger(v0, v1)", of(new Max(), 2));
        assertEquals("v0 > 0 ? v1 : (real)0", of(new ReluGradient(), 2));
        assertEquals("v1 * (v0 * (1 - v0))", of(new SigmoidGradient(), 2));
        assertEquals("v1 > (real)0.5 ? v0 * (real)2.0 : (real)0", of(new Dropout(0.5), 2));
        assertEquals("v0 < v1 ? v2 : v3", of(new Select(Select.Comparison.LESS), 4));
        assertEquals("v0 <= v1 ? v2 : v3", of(new Select(Select.Comparison.LESS_OR_EQUAL), 4));
        assertEquals("v0 == v1 ? v2 : v3", of(new Select(Select.Comparison.EQUAL), 4));
    }
}
