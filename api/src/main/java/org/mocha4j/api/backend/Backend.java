package org.mocha4j.api.backend;

/** A way to compute: pure Java, native code, CUDA. Stateless; loads nothing before it is asked. */
public interface Backend {
    /** As users write it: {@code cpu}. */
    String name();

    /** Whether it can be used here, and why not. Never throws. */
    Availability probe();

    /** @throws org.mocha4j.api.DeviceException if it is not usable; never another device instead */
    Device open(DeviceOptions options);
}
