package org.mocha4j.cuda.internal;

import org.mocha4j.cuda.internal.driver.Driver;

/** Where commands go: a driver, its stream, and the compiled kernels. */
public record Queue(Driver driver, long stream, KernelCache kernels) {
}
