/** The standard neurons. */
module org.mocha4j.neurons {
    requires transitive org.mocha4j.api;

    exports org.mocha4j.neurons;

    provides org.mocha4j.api.Plugin with org.mocha4j.neurons.NeuronsPlugin;
}
