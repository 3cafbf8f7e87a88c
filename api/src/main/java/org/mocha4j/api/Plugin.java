package org.mocha4j.api;

/** The one service of a bundle: {@code provides org.mocha4j.api.Plugin with …} in its {@code module-info}. */
public interface Plugin {
    PluginInfo info();

    /** Hands over everything that the bundle has. */
    void register(Registrar r);
}
