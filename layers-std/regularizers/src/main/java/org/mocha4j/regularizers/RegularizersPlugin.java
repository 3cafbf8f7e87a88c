package org.mocha4j.regularizers;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The standard regularizers and constraints. */
public final class RegularizersPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(RegularizersPlugin.class, "", "Standard regularizers and constraints");
    }

    @Override
    public void register(Registrar r) {
        r.types(No.class, L2.class, L1.class, L2Norm.class);
    }
}
