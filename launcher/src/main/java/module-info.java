/** The mocha command. */
module org.mocha4j.launcher {
    requires org.mocha4j.runtime;
    requires org.mocha4j.image;
    requires java.net.http;
    requires info.picocli;
    requires io.jhdf;
    requires me.tongfei.progressbar;
    requires java.desktop;
    requires org.knowm.xchart;
    requires static osgi.core;
}
