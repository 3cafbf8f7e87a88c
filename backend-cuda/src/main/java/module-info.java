/** The backend on CUDA: cuDNN, cuBLAS and own kernels, a step as one graph launch. */
module org.mocha4j.cuda {
    requires org.mocha4j.api;
    requires com.sun.jna;
    requires org.slf4j;

    exports org.mocha4j.cuda;

    provides org.mocha4j.api.Plugin with org.mocha4j.cuda.CudaPlugin;
}
