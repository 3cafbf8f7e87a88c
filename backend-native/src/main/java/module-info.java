/** The backend in native code: oneDNN, OpenBLAS and own kernels in C++, called through JNA. */
module org.mocha4j.nativecpu {
    requires org.mocha4j.api;
    requires com.sun.jna;
    requires org.slf4j;

    exports org.mocha4j.nativecpu;

    provides org.mocha4j.api.Plugin with org.mocha4j.nativecpu.NativePlugin;
}
