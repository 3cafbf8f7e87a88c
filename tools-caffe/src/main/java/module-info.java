/** The programs that export from Caffe. */
module org.mocha4j.caffe {
    requires transitive org.mocha4j.api;

    exports org.mocha4j.caffe;

    provides org.mocha4j.api.Plugin with org.mocha4j.caffe.CaffePlugin;
}
