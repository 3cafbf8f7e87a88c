/** The standard regularizers and constraints. */
module org.mocha4j.regularizers {
    requires transitive org.mocha4j.api;

    exports org.mocha4j.regularizers;

    provides org.mocha4j.api.Plugin with org.mocha4j.regularizers.RegularizersPlugin;
}
