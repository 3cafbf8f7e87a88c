package org.mocha4j.api;

/**
 * One figure of a statistic.
 *
 * @param name  without the layer: {@code accuracy}; its key is {@code <layer>-accuracy}
 * @param value the figure
 * @param text  as a person reads it: {@code Accuracy (avg over 10000) = 96.0500%}
 */
public record Measurement(String name, double value, String text) {
}
