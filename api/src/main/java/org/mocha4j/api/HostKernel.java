package org.mocha4j.api;

import java.util.List;

/**
 * The computation of an op on tensors in Java memory, row-major. Stateless: several threads may run it at once.
 * Inputs must not be written; every element of every output must be.
 */
@FunctionalInterface
public interface HostKernel {
    void run(List<HostTensor> inputs, List<HostTensor> outputs);
}
