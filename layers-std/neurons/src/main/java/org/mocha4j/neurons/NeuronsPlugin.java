package org.mocha4j.neurons;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The standard neurons. */
public final class NeuronsPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(NeuronsPlugin.class, "", "Standard neurons");
    }

    @Override
    public void register(Registrar r) {
        r.types(Identity.class, ReLU.class, LReLU.class, Sigmoid.class, Tanh.class, Exponential.class);
    }
}
