/** Gates and swishes by Acme. */
module com.acme.mocha {
    requires transitive org.mocha4j.api;

    exports com.acme.mocha;

    provides org.mocha4j.api.Plugin with com.acme.mocha.AcmePlugin;
}
