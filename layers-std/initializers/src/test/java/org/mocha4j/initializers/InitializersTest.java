package org.mocha4j.initializers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Spec;

class InitializersTest {
    @Test
    void xavierIsUniformWithVarianceOneOverFanIn() {
        double[] v = fill(new Xavier(), 50, 20, 5, 5);                      // fan-in 500, s = sqrt(3/500)
        double s = Math.sqrt(3.0 / 500);
        assertTrue(Arrays.stream(v).allMatch(x -> x >= -s && x < s));
        assertTrue(Arrays.stream(v).max().getAsDouble() > 0.999 * s);
        assertTrue(Arrays.stream(v).min().getAsDouble() < -0.999 * s);
        assertEquals(0, mean(v), 5 * Math.sqrt(1.0 / 500 / v.length));
        assertEquals(1.0 / 500, variance(v), 0.02 / 500);
    }

    @Test
    void xavierOfAVectorHasFanInOne() {
        assertTrue(Arrays.stream(fill(new Xavier(), 1000)).anyMatch(x -> Math.abs(x) > 1.7));
    }

    @Test
    void gaussianHasMeanAndDeviation() {
        double[] v = fill(new Gaussian(2.0, 0.1), 20000);
        assertEquals(2, mean(v), 5 * 0.1 / Math.sqrt(20000));
        assertEquals(0.01, variance(v), 0.0006);
        assertEquals(0.6827, Arrays.stream(v).filter(x -> Math.abs(x - 2) < 0.1).count() / 20000.0, 0.017);
        assertEquals(new Gaussian(0.0, 1.0), new Gaussian(null, null));
    }

    @Test
    void sameSeedAndNameGiveSameBitsInFloat32AsRoundedFloat64() {
        HostTensor f = HostTensor.allocate(Spec.of(DataType.FLOAT32, 3, 4));
        new Gaussian(null, null).fill(f, new RandomStream(1, "w"));
        double[] d = fill(new Gaussian(null, null), 3, 4);
        for (int i = 0; i < d.length; i++) {
            assertEquals((float) d[i], f.floats()[i]);
        }
    }

    @Test
    void constantAndNullFillEveryElement() {
        assertTrue(Arrays.stream(fill(new Constant(0.5), 3, 2)).allMatch(x -> x == 0.5));
        assertTrue(Arrays.stream(fill(new Null(), 3, 2)).allMatch(x -> x == 0));
        assertEquals(new Constant(0.0), new Constant(null));
    }

    @Test
    void orthogonalHasOrthonormalRowsOrColumnsTimesTheGain() {
        for (int[] dims : new int[][] {{5, 3, 2, 2}, {20, 13}, {7, 7}, {1, 4}, {6}}) {
            double[] v = fill(new Orthogonal(1.5), dims);
            int rows = dims[0];
            int columns = v.length / rows;
            for (int a = 0; a < Math.min(rows, columns); a++) {
                for (int b = 0; b <= a; b++) {
                    double dot = 0;
                    for (int i = 0; i < Math.max(rows, columns); i++) {
                        dot += rows <= columns ? v[a * columns + i] * v[b * columns + i]
                                : v[i * columns + a] * v[i * columns + b];
                    }
                    assertEquals(a == b ? 2.25 : 0, dot, 1e-13, Arrays.toString(dims) + " " + a + ", " + b);
                }
            }
        }
        assertEquals(new Orthogonal(1.0), new Orthogonal());
    }

    @Test
    void orthogonalMatricesAreEquallyLikely() {                 // Haar: elements have mean 0 and variance 1/n
        double[] v = fill(new Orthogonal(), 100, 100);
        assertEquals(0, mean(v), 5 * 0.1 / 100);
        assertEquals(0.01, variance(v), 1e-4);
        double trace = 0;
        for (int i = 0; i < 100; i++) {
            trace += v[101 * i];
        }
        assertEquals(0, trace, 5);                               // Diaconis and Shahshahani 1994: its variance is 1
    }

    @Test
    void uniformAndMsra() {
        double[] u = fill(new Uniform(-2.0, 3.0), 20000);
        assertTrue(Arrays.stream(u).allMatch(x -> x >= -2 && x < 3));
        assertEquals(0.5, mean(u), 5 * 5 / Math.sqrt(12 * 20000));
        assertEquals(25.0 / 12, variance(u), 0.06);
        assertEquals(new Uniform(0.0, 1.0), new Uniform(null, null));
        double[] m = fill(new MSRA(), 50, 20, 5, 5);
        assertEquals(0, mean(m), 5 * Math.sqrt(2.0 / 500 / m.length));
        assertEquals(2.0 / 500, variance(m), 0.04 * 2 / 500);
        assertTrue(Arrays.stream(m).anyMatch(x -> Math.abs(x) > 3 * Math.sqrt(2.0 / 500)), "normal, not uniform");
    }

    @Test
    void wrongFieldsAreNamed() {
        assertEquals("gain is NaN; expected: a finite number",
                assertThrows(ConfigurationException.class, () -> new Orthogonal(Double.NaN)).getMessage());
        assertEquals("max is -1.0; expected: a finite number of at least min, 0.0",
                assertThrows(ConfigurationException.class, () -> new Uniform(null, -1.0)).getMessage());
        assertEquals("min is NaN; expected: a finite number",
                assertThrows(ConfigurationException.class, () -> new Uniform(Double.NaN, null)).getMessage());
        assertEquals("value is NaN; expected: a finite number",
                assertThrows(ConfigurationException.class, () -> new Constant(Double.NaN)).getMessage());
        assertEquals("std is -1.0; expected: a finite number of at least 0",
                assertThrows(ConfigurationException.class, () -> new Gaussian(null, -1.0)).getMessage());
    }

    private static double[] fill(Initializer init, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT64, dims));
        t.fill(Double.NaN);
        init.fill(t, new RandomStream(1, "w"));
        return t.toArray().toDoubles();
    }

    private static double mean(double[] v) {
        return Arrays.stream(v).average().getAsDouble();
    }

    private static double variance(double[] v) {
        double m = mean(v);
        return Arrays.stream(v).map(x -> (x - m) * (x - m)).average().getAsDouble();
    }
}
