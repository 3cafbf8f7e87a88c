package org.mocha4j.cpu;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.cpu.internal.CpuBackend;

/**
 * Two backends in pure Java. {@code reference}: plain loops in one thread that define every op. {@code cpu}: fast
 * kernels first, then those of {@code reference}; option {@code vector} (auto, on, off) chooses the Vector API or plain
 * loops.
 */
public final class CpuPlugin implements Plugin {
    /** For the loaders of services. */
    public CpuPlugin() {
    }

    @Override
    public PluginInfo info() {
        return new PluginInfo("", "0.1.0", "Backends in pure Java");
    }

    @Override
    public void register(Registrar r) {
        r.backend(CpuBackend.plain());
        r.backend(CpuBackend.cpu());
    }
}
