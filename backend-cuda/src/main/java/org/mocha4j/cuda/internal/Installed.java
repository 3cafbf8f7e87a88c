package org.mocha4j.cuda.internal;

import org.mocha4j.api.DeviceException;
import org.mocha4j.cuda.internal.driver.Driver;
import org.mocha4j.cuda.internal.driver.Hardware;

/** The driver and the toolkit of this machine. */
final class Installed implements Drivers {
    @Override
    public Found find() {
        try (Driver d = open(new Options(0, true, false, 0, false))) {
            return new Found(true, d.info().name() + ", " + d.info().versions());
        } catch (DeviceException e) {
            return new Found(false, e.getMessage());
        }
    }

    @Override
    public Driver open(Options o) {
        return Hardware.open(o.device(), o.tf32());
    }
}
