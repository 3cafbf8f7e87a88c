/** The extension points of Mocha4J: everything a plug-in needs, and nothing else. */
module org.mocha4j.api {
    exports org.mocha4j.api;
    exports org.mocha4j.api.ops;
    exports org.mocha4j.api.backend;
}
