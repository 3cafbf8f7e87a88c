package org.mocha4j.cpu.internal.fast;

import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;
import org.mocha4j.cpu.internal.float32.FloatKernels;

/**
 * The one place where it is decided whether the Vector API is used, in float32 and float64 alike.
 *
 * @param description for people: {@code 256-bit vectors}
 */
public record VectorSupport(boolean used, String description) {
    private static final String REMEDY = "start Java with --add-modules jdk.incubator.vector";

    /**
     * @param mode {@code on}, {@code off}, or {@code auto}: on if the module is there
     * @throws DeviceException if it shall be on and the module is not there
     */
    public static VectorSupport find(String mode) {
        if (!mode.equals("auto") && !mode.equals("on") && !mode.equals("off")) {
            throw new ConfigurationException("vector is " + mode + "; expected: auto, on or off");
        }
        String plain = FloatKernels.description(false);
        if (mode.equals("off")) {
            return new VectorSupport(false, plain);
        }
        try {
            return new VectorSupport(true, FloatKernels.description(true));
        } catch (LinkageError e) {
            if (mode.equals("on")) {
                throw new DeviceException("vector is on, but the Vector API (module jdk.incubator.vector) is not "
                        + "there: " + REMEDY, e);
            }
            return new VectorSupport(false, plain + " (for vectors " + REMEDY + ")");
        }
    }
}
