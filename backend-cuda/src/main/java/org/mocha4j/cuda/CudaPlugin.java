package org.mocha4j.cuda;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.cuda.internal.CudaBackend;

/** Registers the backend {@code cuda}. Loads no library before the backend is asked for. */
public final class CudaPlugin implements Plugin {
    /** For the loaders of services. */
    public CudaPlugin() {
    }

    @Override
    public PluginInfo info() {
        return new PluginInfo("", "0.1.0", "Backend on CUDA devices");
    }

    @Override
    public void register(Registrar r) {
        r.backend(new CudaBackend());
    }
}
