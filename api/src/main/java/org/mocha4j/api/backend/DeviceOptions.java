package org.mocha4j.api.backend;

import java.util.Map;

/**
 * @param threads       0 leaves it to the device
 * @param deterministic same bits on every run whatever the number of threads, also where that is slower
 * @param extra         a backend's own options by name; an unknown one is an error of the backend
 */
public record DeviceOptions(int threads, boolean deterministic, Map<String, String> extra) {
    public static final DeviceOptions DEFAULT = new DeviceOptions(0, false, Map.of());

    public static DeviceOptions threads(int n) {
        return new DeviceOptions(n, false, Map.of());
    }
}
