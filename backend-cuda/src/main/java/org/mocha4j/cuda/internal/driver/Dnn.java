package org.mocha4j.cuda.internal.driver;

import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnStatus;
import jcuda.runtime.cudaStream_t;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;

/** Convolutions by cuDNN. */
final class Dnn {
    private final cudnnHandle handle = new cudnnHandle();
    private final boolean tf32;
    private Pointers.Stream bound;

    Dnn(boolean tf32) {
        this.tf32 = tf32;
        check(JCudnn.cudnnCreate(handle), "cudnnCreate");
    }

    static void check(int status, String call) {
        if (status != cudnnStatus.CUDNN_STATUS_SUCCESS) {
            throw new DeviceException("cuda: " + call + ": " + JCudnn.cudnnGetErrorString(status));
        }
    }

    String version() {
        return version(JCudnn.cudnnGetVersion());
    }

    /** Since version 9 two digits for the minor one and two for the patch. */
    static String version(long v) {
        return v >= 90000 ? v / 10000 + "." + v / 100 % 100 + "." + v % 100
                : v / 1000 + "." + v / 100 % 10 + "." + v % 100;
    }

    /** @return null where there is no algorithm */
    DnnConvolution plan(ConvolutionShape shape, Driver.Direction direction, boolean fixed, long most) {
        return DnnConvolution.plan(handle, shape, direction, fixed, tf32, most);
    }

    /** FORWARD (x, filter) → y, DATA (filter, dy) → dx, FILTER (x, dy) → filter gradient. */
    void run(DnnConvolution c, long first, long second, long result, long workspace, Pointers.Stream stream) {
        if (stream != bound) {
            check(JCudnn.cudnnSetStream(handle, new cudaStream_t(stream)), "cudnnSetStream");
            bound = stream;
        }
        boolean twofold = c.shape().type() == DataType.FLOAT64;
        Pointer one = twofold ? Pointer.to(new double[] {1}) : Pointer.to(new float[] {1});
        Pointer zero = twofold ? Pointer.to(new double[] {0}) : Pointer.to(new float[] {0});
        Pointer a = Pointers.to(first);
        Pointer b = Pointers.to(second);
        Pointer y = Pointers.to(result);
        Pointer w = Pointers.to(workspace);
        switch (c.direction()) {
            case FORWARD -> check(JCudnn.cudnnConvolutionForward(handle, one, c.x(), a, c.filter(), b, c.descriptor(),
                    c.algorithm(), w, c.bytes(), zero, c.y(), y), "cudnnConvolutionForward");
            case DATA -> check(JCudnn.cudnnConvolutionBackwardData(handle, one, c.filter(), a, c.y(), b, c.descriptor(),
                    c.algorithm(), w, c.bytes(), zero, c.x(), y), "cudnnConvolutionBackwardData");
            case FILTER -> check(JCudnn.cudnnConvolutionBackwardFilter(handle, one, c.x(), a, c.y(), b, c.descriptor(),
                    c.algorithm(), w, c.bytes(), zero, c.filter(), y), "cudnnConvolutionBackwardFilter");
        }
    }

    void close() {
        check(JCudnn.cudnnDestroy(handle), "cudnnDestroy");
    }
}
