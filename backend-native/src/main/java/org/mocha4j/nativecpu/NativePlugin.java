package org.mocha4j.nativecpu;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.nativecpu.internal.NativeBackend;

/** Registers the backend {@code native}. Loads no library before the backend is asked for. */
public final class NativePlugin implements Plugin {
    /** For the loaders of services. */
    public NativePlugin() {
    }

    @Override
    public PluginInfo info() {
        return new PluginInfo("", "0.1.0", "Backend in native code for the processor");
    }

    @Override
    public void register(Registrar r) {
        r.backend(new NativeBackend());
    }
}
