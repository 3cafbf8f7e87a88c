/** Turns nets of layers into running programs, trains them, and finds the plug-ins they are made of. */
module org.mocha4j.runtime {
    requires transitive org.mocha4j.api;
    requires org.slf4j;
    requires org.snakeyaml.engine;
    requires static osgi.core;

    exports org.mocha4j.runtime;
    exports org.mocha4j.runtime.config;
    exports org.mocha4j.runtime.train;

    uses org.mocha4j.api.Plugin;

    provides org.mocha4j.api.Plugin with org.mocha4j.runtime.train.RuntimePlugin;
}
