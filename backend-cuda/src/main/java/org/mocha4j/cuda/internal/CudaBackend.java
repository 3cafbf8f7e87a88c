package org.mocha4j.cuda.internal;

import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;

/** The backend {@code cuda}. */
public final class CudaBackend implements Backend {
    private static final int RANK = 30;
    private final Drivers drivers;
    private final CodeFolder folder;

    /** On this machine's libraries. */
    public CudaBackend() {
        this(Installed.here(), null);
    }

    /** @param folder of compiled kernels; null for the user's cache */
    CudaBackend(Drivers drivers, CodeFolder folder) {
        this.drivers = drivers;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability probe() {
        Drivers.Found f = drivers.find();
        return new Availability(f.usable(), RANK, f.detail());
    }

    /** Options: device, graphs, tf32, memoryLimit; see {@link Options}. */
    @Override
    public Device open(DeviceOptions options) {
        Options o = Options.of(options);
        return new CudaDevice(drivers.open(o), o, folder != null ? folder : CodeFolder.ofUser());
    }
}
