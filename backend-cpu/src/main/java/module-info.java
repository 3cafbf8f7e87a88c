/** The backend in pure Java: reference kernels, which define every op, and fast ones. */
module org.mocha4j.cpu {
    requires org.mocha4j.api;
    requires org.slf4j;
    requires static jdk.incubator.vector;

    exports org.mocha4j.cpu;

    provides org.mocha4j.api.Plugin with org.mocha4j.cpu.CpuPlugin;
}
