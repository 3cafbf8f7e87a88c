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
    void wrongFieldsAreNamed() {
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
