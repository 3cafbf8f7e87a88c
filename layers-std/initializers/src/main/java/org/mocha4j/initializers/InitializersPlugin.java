package org.mocha4j.initializers;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The standard initializers of parameters. */
public final class InitializersPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(InitializersPlugin.class, "", "Standard initializers of parameters");
    }

    @Override
    public void register(Registrar r) {
        r.types(Null.class, Constant.class, Xavier.class, Gaussian.class, Orthogonal.class, Uniform.class, MSRA.class);
    }
}
