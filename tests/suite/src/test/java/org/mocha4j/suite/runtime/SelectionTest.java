package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.cpu.CpuPlugin;
import org.mocha4j.cuda.CudaPlugin;
import org.mocha4j.nativecpu.NativePlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** Which backend is taken, and what is said of the others. */
class SelectionTest {
    private static final String MISSING = "there is no driver (libdriver.so); looked in /lib; install one";

    /** Computes as the backend cpu does. */
    private record Fake(String name, Availability probe) implements Backend {
        Fake(String name, boolean usable, int rank, String detail) {
            this(name, new Availability(usable, rank, detail));
        }

        @Override
        public Device open(DeviceOptions options) {
            return catalog(new CpuPlugin()).backend("cpu").open(options);
        }
    }

    private record Fakes(List<Fake> backends) implements Plugin {
        @Override
        public PluginInfo info() {
            return new PluginInfo("", "1.0.0", "Backends");
        }

        @Override
        public void register(Registrar r) {
            backends.forEach(r::backend);
        }
    }

    private static Catalog catalog(Plugin... plugins) {
        List<LoadedPlugin> all = new ArrayList<>();
        for (Plugin p : plugins) {
            all.add(LoadedPlugin.of(p, p.getClass().getSimpleName(), "0"));
        }
        return Catalog.of(all);
    }

    private static String auto(Fake... backends) {
        try (Session s = Session.open(catalog(new Fakes(List.of(backends))), SessionOptions.of("auto"))) {
            return s.selection();
        }
    }

    @Test
    void autoTakesCudaBeforeNativeBeforeCpuAndSaysWhyNotTheOthers() {
        Fake slow = new Fake("cpu", true, 10, "Java");
        Fake middle = new Fake("native", true, 20, "oneDNN");
        assertEquals("cuda: a device; cpu not taken, it is slower; native not taken, it is slower",
            auto(slow, middle, new Fake("cuda", true, 30, "a device")));
        assertEquals("native: oneDNN; cpu not taken, it is slower; cuda not usable: there is no driver (libdriver.so)",
            auto(slow, middle, new Fake("cuda", false, 30, MISSING)));
        assertEquals("cpu: Java; cuda not usable: there is no driver (libdriver.so); native not usable: no compiler",
            auto(slow, new Fake("native", false, 20, "native: no compiler; install one"),
                new Fake("cuda", false, 30, MISSING)));
    }

    @Test
    void theRanksOfTheBackendsAreInThisOrder() {
        Catalog c = catalog(new CpuPlugin(), new NativePlugin(), new CudaPlugin());
        assertEquals(List.of(0, 10, 20, 30), List.of("reference", "cpu", "native", "cuda").stream()
            .map(b -> c.backend(b).probe().rank()).toList());
    }

    @Test
    void aBackendThatIsAskedForIsTakenOrRefusedWithEverythingThatIsKnown() {
        Catalog c = catalog(new Fakes(List.of(new Fake("cuda", false, 30, MISSING), new Fake("cpu", true, 10, "Java"))));
        assertEquals("backend [cuda] cannot be used: " + MISSING, assertThrows(DeviceException.class,
            () -> Session.open(c, SessionOptions.of("cuda"))).getMessage());
        try (Session s = Session.open(c, SessionOptions.of("cpu"))) {
            assertEquals("cpu: Java", s.selection());
        }
    }

    @Test
    void whereNoneIsUsableAllAreNamed() {
        assertEquals("no backend is usable; cuda not usable: there is no driver (libdriver.so); install one, such as the"
            + " bundle org.mocha4j.cpu", assertThrows(DeviceException.class,
                () -> auto(new Fake("cuda", false, 30, MISSING))).getMessage());
    }
}
