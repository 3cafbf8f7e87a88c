/** The standard regularizers and constraints. */
module org.mocha4j.regularizers {
    requires org.mocha4j.api;
}
