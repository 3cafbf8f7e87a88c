package org.mocha4j.runtime;

import java.nio.file.Path;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.DeviceOptions;

/**
 * How a session computes.
 *
 * @param backend a name, or null or {@code auto} for the best that is usable
 * @param seed    of initial values, shuffling and masks
 * @param base    the folder that relative paths of data start from
 * @param fuse    whether ops are fused where the device offers it
 */
public record SessionOptions(String backend, DeviceOptions device, DataType type, long seed, Path base, boolean fuse) {
    public static final SessionOptions DEFAULT =
            new SessionOptions(null, DeviceOptions.DEFAULT, DataType.FLOAT32, 1, Path.of(""), true);

    public static SessionOptions of(String backend) {
        return new SessionOptions(backend, DeviceOptions.DEFAULT, DataType.FLOAT32, 1, Path.of(""), true);
    }

    public SessionOptions device(DeviceOptions d) {
        return new SessionOptions(backend, d, type, seed, base, fuse);
    }

    public SessionOptions type(DataType t) {
        return new SessionOptions(backend, device, t, seed, base, fuse);
    }

    public SessionOptions seed(long s) {
        return new SessionOptions(backend, device, type, s, base, fuse);
    }

    public SessionOptions base(Path b) {
        return new SessionOptions(backend, device, type, seed, b, fuse);
    }

    public SessionOptions fuse(boolean f) {
        return new SessionOptions(backend, device, type, seed, base, f);
    }
}
