package org.mocha4j.image;

import org.mocha4j.api.HostTensor;

/** From scores to probabilities. */
final class Probabilities {
    private Probabilities() { }

    /**
     * One sample's numbers.
     *
     * @param softmax whether e^(x − max x) / Σ e^(x − max x) is to be taken of them; NaN if one of them is not finite
     */
    static double[] of(HostTensor scores, int sample, int classes, boolean softmax) {
        double[] p = new double[classes];
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            p[k] = scores.get(sample * classes + k);
            most = Math.max(most, p[k]);
        }
        if (!softmax) {
            return p;
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            p[k] = Math.exp(p[k] - most);
            sum += p[k];
        }
        for (int k = 0; k < classes; k++) {
            p[k] /= sum;
        }
        return p;
    }
}
