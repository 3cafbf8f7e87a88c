package org.mocha4j.odd;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** Registers the backend {@code odd}. */
public final class OddPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return new PluginInfo("odd", "0.1.0", "a backend with unusual habits, for tests");
    }

    @Override
    public void register(Registrar r) {
        r.backend(new OddBackend());
    }
}
