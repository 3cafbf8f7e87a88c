/** Checks for layers, ops and backends, published so that plug-ins by others are tested as ours are. */
module org.mocha4j.testkit {
    requires transitive org.mocha4j.api;
    requires transitive org.mocha4j.runtime;
    requires transitive org.junit.jupiter.api;

    exports org.mocha4j.testkit;
}
