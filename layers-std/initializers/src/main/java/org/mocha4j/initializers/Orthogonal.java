package org.mocha4j.initializers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * gain times a random matrix [outputs, everything else] with orthonormal rows, or with orthonormal columns where there
 * are more rows than columns; of all such matrices each is equally likely. A vector is one column. Normal variates are
 * made orthonormal one after the other (Gram and Schmidt, twice each, for rounding). Saxe, McClelland and Ganguli, Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014. Mocha takes the same matrix.
 *
 * @param gain default 1; √2 suits ReLU
 * @yaml {type: Orthogonal, gain: 1.4142135}
 * @java new Orthogonal(1.4142135)
 * @caffe none
 * @mocha OrthogonalInitializer: gain
 */
public record Orthogonal(Double gain) implements Initializer {
    public Orthogonal {
        gain = or(gain, 1.0);
        finite("gain", gain);
    }

    /** With gain 1. */
    public Orthogonal() {
        this(null);
    }

    @Override
    public void fill(HostTensor t, RandomStream random) {
        int outputs = t.shape().rank() == 0 ? 1 : t.shape().dim(0);
        int rest = Math.toIntExact(Initializer.fanIn(t.shape()));
        double[][] vectors = new double[Math.min(outputs, rest)][Math.max(outputs, rest)];
        for (int k = 0; k < vectors.length; k++) {
            do {
                for (int i = 0; i < vectors[k].length; i++) {
                    vectors[k][i] = random.normal();
                }
            } while (!orthonormal(vectors, k));
        }
        for (int k = 0; k < vectors.length; k++) {
            for (int i = 0; i < vectors[k].length; i++) {
                t.set(outputs <= rest ? k * rest + i : i * rest + k, gain * vectors[k][i]);
            }
        }
    }

    /** Takes from a vector its parts along those before it; false where next to nothing is left. */
    private static boolean orthonormal(double[][] vectors, int k) {
        double[] v = vectors[k];
        double before = Math.sqrt(dot(v, v));
        for (int pass = 0; pass < 2; pass++) {
            for (int j = 0; j < k; j++) {
                double part = dot(v, vectors[j]);
                for (int i = 0; i < v.length; i++) {
                    v[i] -= part * vectors[j][i];
                }
            }
        }
        double norm = Math.sqrt(dot(v, v));
        for (int i = 0; i < v.length; i++) {
            v[i] /= norm;
        }
        return norm > 1e-8 * before;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
