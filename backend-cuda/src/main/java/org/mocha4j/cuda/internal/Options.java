package org.mocha4j.cuda.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mocha4j.api.Checks;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.backend.DeviceOptions;

/**
 * The options of this backend.
 *
 * @param device        number of the device, default 0
 * @param graphs        whether steps become CUDA graphs, default on
 * @param tf32          whether float32 products may round their factors to 10 bits, default off
 * @param memoryLimit   bytes that plans may take, 0 for all there is
 * @param deterministic whether algorithms are fixed rather than measured
 */
public record Options(int device, boolean graphs, boolean tf32, long memoryLimit, boolean deterministic) {
    private static final Map<String, String> KNOWN = new TreeMap<>(Map.of("device", "a number from 0 on", "graphs",
            "on or off", "tf32", "on or off", "memoryLimit", "a number of bytes, or with M or G: 512M, 8G"));
    private static final long WORKSPACE = 512L << 20;
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})([MG]?)");

    /** Bytes of work space that one convolution may want. */
    long workspace() {
        return memoryLimit == 0 ? WORKSPACE : Math.min(WORKSPACE, memoryLimit / 4);
    }

    static Options of(DeviceOptions o) {
        Checks.require(o.threads() >= 0, "threads", o.threads(), "at least 1, or 0 for all processors");
        for (String name : new TreeSet<>(o.extra().keySet())) {
            if (!KNOWN.containsKey(name)) {
                throw new ConfigurationException("backend cuda has no option [" + name + "]; it has " + KNOWN.keySet());
            }
        }
        return new Options(device(o), flag(o, "graphs", "on"), flag(o, "tf32", "off"), memory(o), o.deterministic());
    }

    private static int device(DeviceOptions o) {
        String v = o.extra().getOrDefault("device", "0");
        Checks.require(v.matches("[0-9]{1,4}"), "device", v, KNOWN.get("device"));
        return Integer.parseInt(v);
    }

    private static boolean flag(DeviceOptions o, String name, String otherwise) {
        String v = o.extra().getOrDefault(name, otherwise);
        Checks.require(v.equals("on") || v.equals("off"), name, v, KNOWN.get(name));
        return v.equals("on");
    }

    private static long memory(DeviceOptions o) {
        String v = o.extra().get("memoryLimit");
        if (v == null) {
            return 0;
        }
        Matcher m = AMOUNT.matcher(v);
        Checks.require(m.matches() && Long.parseLong(m.group(1)) > 0, "memoryLimit", v, KNOWN.get("memoryLimit"));
        long unit = m.group(2).equals("G") ? 1L << 30 : m.group(2).equals("M") ? 1L << 20 : 1;
        return Math.multiplyExact(Long.parseLong(m.group(1)), unit);
    }
}
