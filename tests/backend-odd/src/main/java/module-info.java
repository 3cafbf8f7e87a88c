/** A backend with unusual habits, by which the tests know that backends by others fit. */
module org.mocha4j.odd {
    requires org.mocha4j.api;
    exports org.mocha4j.odd;
    provides org.mocha4j.api.Plugin with org.mocha4j.odd.OddPlugin;
}
