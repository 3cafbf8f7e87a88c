/** The standard initializers of parameters. */
module org.mocha4j.initializers {
    requires transitive org.mocha4j.api;

    exports org.mocha4j.initializers;

    provides org.mocha4j.api.Plugin with org.mocha4j.initializers.InitializersPlugin;
}
