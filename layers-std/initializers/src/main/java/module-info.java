/** The standard initializers of parameters. */
module org.mocha4j.initializers {
    requires org.mocha4j.api;
}
