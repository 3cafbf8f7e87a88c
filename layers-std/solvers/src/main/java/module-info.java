/** The standard solvers: update rules, policies of rate and momentum, gradient rules. */
module org.mocha4j.solvers {
    requires transitive org.mocha4j.api;

    exports org.mocha4j.solvers;

    provides org.mocha4j.api.Plugin with org.mocha4j.solvers.SolversPlugin;
}
