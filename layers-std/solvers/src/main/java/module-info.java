/** The standard solvers: update rules, and policies of rate and momentum. */
module org.mocha4j.solvers {
    requires org.mocha4j.api;
}
