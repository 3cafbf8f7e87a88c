package org.mocha4j.runtime;

import java.util.List;

/**
 * One step of a program, as {@code explain} shows it.
 *
 * @param op        the op's name, or {@code reorder}
 * @param direction what it is part of
 * @param kernel    the kernel chosen
 * @param layouts   of the inputs, then {@code ->}, then of the outputs
 * @param flops     its arithmetic
 * @param refusals  of kernels that would have come first; before them the ops of which this is a part, and why they
 *                  were decomposed
 */
public record StepInfo(String layer, String op, Direction direction, String kernel, List<String> layouts, Flops flops,
                       List<String> refusals) {
    /** The net's graph as the layers write it; what computes gradients; what changes parameters and states. */
    public enum Direction { FORWARD, BACKWARD, UPDATE }
}
