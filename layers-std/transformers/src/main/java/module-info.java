/** The standard data transformers. */
module org.mocha4j.transformers {
    requires org.mocha4j.api;
}
