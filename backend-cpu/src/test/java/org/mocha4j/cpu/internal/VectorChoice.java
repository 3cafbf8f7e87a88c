package org.mocha4j.cpu.internal;

import java.util.Map;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;

/** As a program: what becomes of option vector, for {@link VectorChoiceTest}. */
final class VectorChoice {
    private VectorChoice() {
    }

    static String open(String mode) {
        try (Device d = CpuBackend.cpu().open(new DeviceOptions(1, false, Map.of("vector", mode)))) {
            return d.description();
        } catch (MochaException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    public static void main(String[] args) {
        System.out.println(open("auto"));
        System.out.println(open("on"));
        System.out.println(open("off"));
        System.out.println(CpuBackend.cpu().probe().usable());
    }
}
