/** The standard layers. */
module org.mocha4j.layers {
    requires org.mocha4j.api;
}
