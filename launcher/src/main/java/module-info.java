/** The mocha command. */
module org.mocha4j.launcher {
    requires org.mocha4j.runtime;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires static osgi.core;
}
