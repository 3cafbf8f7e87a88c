package org.mocha4j.cuda.internal;

import java.util.function.Supplier;
import org.mocha4j.api.DeviceException;
import org.mocha4j.cuda.internal.driver.Driver;
import org.mocha4j.cuda.internal.driver.Hardware;
import org.mocha4j.cuda.internal.driver.Installation;

/**
 * The driver and the toolkit of this machine.
 *
 * @param libraries finds CUDA, or throws what is missing
 * @param natives   why JCuda's own libraries cannot be used; null if they can
 */
record Installed(Supplier<Installation> libraries, Supplier<String> natives) implements Drivers {
    /** This machine. */
    static Installed here() {
        return new Installed(Installation::find, Natives::problem);
    }

    /** Opens no device, so that it takes little time and no memory there. */
    @Override
    public Found find() {
        try {
            return new Found(true, usable().toString());
        } catch (DeviceException e) {
            return new Found(false, e.getMessage());
        }
    }

    @Override
    public Driver open(Options o) {
        return Hardware.open(usable(), o.device(), o.tf32());
    }

    /** JCuda comes last: its libraries need the driver's and cuDNN's. */
    private Installation usable() {
        Installation i = libraries.get();
        String problem = natives.get();
        if (problem != null) {
            throw new DeviceException(problem);
        }
        return i;
    }
}
