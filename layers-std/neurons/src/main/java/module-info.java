/** The standard neurons. */
module org.mocha4j.neurons {
    requires org.mocha4j.api;
}
