/** The standard layers. */
module org.mocha4j.layers {
    requires transitive org.mocha4j.api;
    requires org.mocha4j.initializers;
    requires org.mocha4j.regularizers;

    exports org.mocha4j.layers;

    provides org.mocha4j.api.Plugin with org.mocha4j.layers.LayersPlugin;
}
