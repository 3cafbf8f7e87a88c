/** The standard data transformers. */
module org.mocha4j.transformers {
    requires transitive org.mocha4j.api;

    exports org.mocha4j.transformers;

    provides org.mocha4j.api.Plugin with org.mocha4j.transformers.TransformersPlugin;
}
