package org.mocha4j.transformers;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The standard data transformers. */
public final class TransformersPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(TransformersPlugin.class, "", "Standard data transformers");
    }

    @Override
    public void register(Registrar r) {
        r.types(SubMean.class, Scale.class);
    }
}
