package org.mocha4j.odd;

import java.util.Map;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;

/**
 * The backend {@code odd}. It uses every freedom that the SPI gives: native-like arenas, images as padded NHWC, filters
 * in an own layout, no kernel for much that has a decomposition, saved work space that a gradient insists on, fused
 * kernels, and whole programs in one call. One thread. Option {@code fusion}: {@code on} (default) or {@code off}.
 */
public final class OddBackend implements Backend {
    @Override
    public String name() {
        return "odd";
    }

    @Override
    public Availability probe() {
        return new Availability(true, -1, "pure Java with the habits of native code, for tests; never automatic");
    }

    @Override
    public Device open(DeviceOptions options) {
        for (Map.Entry<String, String> e : options.extra().entrySet()) {
            boolean known = e.getKey().equals("fusion") && (e.getValue().equals("on") || e.getValue().equals("off"));
            if (!known) {
                throw new ConfigurationException("backend odd: " + e.getKey() + " is " + e.getValue()
                        + "; expected: the option fusion with on or off");
            }
        }
        return new OddDevice(!"off".equals(options.extra().get("fusion")));
    }
}
