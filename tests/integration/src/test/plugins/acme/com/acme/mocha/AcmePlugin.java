package com.acme.mocha;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** What Acme adds: {@code acme.Gate}, {@code acme.Swish}, and a kernel that makes the latter fast in pure Java. */
public final class AcmePlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(AcmePlugin.class, "acme", "Gates and swishes by Acme");
    }

    @Override
    public void register(Registrar r) {
        r.types(Gate.class, Swish.class);
        r.kernels("cpu", new SwishKernel());
    }
}
