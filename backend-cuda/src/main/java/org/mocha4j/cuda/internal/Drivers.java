package org.mocha4j.cuda.internal;

import org.mocha4j.cuda.internal.driver.Driver;

/** Where drivers come from. */
interface Drivers {
    /** @param detail what was found, or what is missing, where it was looked for, and what to install */
    record Found(boolean usable, String detail) {
    }

    /** Never throws. */
    Found find();

    /** @throws org.mocha4j.api.DeviceException if it is not usable */
    Driver open(Options options);
}
