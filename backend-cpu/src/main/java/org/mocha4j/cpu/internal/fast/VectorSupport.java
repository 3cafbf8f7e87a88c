package org.mocha4j.cpu.internal.fast;

import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;

/** The one place where it is decided whether the Vector API is used. */
public final class VectorSupport {
    private static final String REMEDY = "start Java with --add-modules jdk.incubator.vector";

    private final Products products;
    private final String description;

    private VectorSupport(Products products, String description) {
        this.products = products;
        this.description = description;
    }

    /**
     * @param mode {@code on}, {@code off}, or {@code auto}: on if the module is there
     * @throws DeviceException if it shall be on and the module is not there
     */
    public static VectorSupport find(String mode) {
        if (!mode.equals("auto") && !mode.equals("on") && !mode.equals("off")) {
            throw new ConfigurationException("vector is " + mode + "; expected: auto, on or off");
        }
        if (mode.equals("off")) {
            return new VectorSupport(new PlainProducts(), "plain loops");
        }
        try {
            Class<?> c = Class.forName(VectorSupport.class.getPackageName() + ".VectorProducts", true,
                    VectorSupport.class.getClassLoader());
            Products p = (Products) c.getDeclaredConstructor().newInstance();
            return new VectorSupport(p, p.description());
        } catch (ReflectiveOperationException | LinkageError e) {
            if (mode.equals("on")) {
                throw new DeviceException("vector is on, but the Vector API (module jdk.incubator.vector) is not "
                        + "there: " + REMEDY, e);
            }
            return new VectorSupport(new PlainProducts(), "plain loops (for vectors " + REMEDY + ")");
        }
    }

    Products products() {
        return products;
    }

    /** For people: {@code 256-bit vectors}. */
    public String description() {
        return description;
    }
}
