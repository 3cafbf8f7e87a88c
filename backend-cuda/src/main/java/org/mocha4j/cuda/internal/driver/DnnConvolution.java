package org.mocha4j.cuda.internal.driver;

import static org.mocha4j.cuda.internal.driver.Dnn.check;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnStatus;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;

/** A convolution as cuDNN describes it, with the algorithm that was chosen and its work space. */
final class DnnConvolution {
    /** No algorithm may take more bytes. */
    private static final long MOST = 512L << 20;
    private static final int CANDIDATES = 8;
    private final ConvolutionShape shape;
    private final Driver.Direction direction;
    private final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor descriptor = new cudnnConvolutionDescriptor();
    private int algorithm;
    private long bytes;

    private DnnConvolution(ConvolutionShape shape, Driver.Direction direction, boolean tf32) {
        this.shape = shape;
        this.direction = direction;
        int type = shape.type() == DataType.FLOAT64 ? cudnnDataType.CUDNN_DATA_DOUBLE : cudnnDataType.CUDNN_DATA_FLOAT;
        tensor(x, shape.x(), type);
        tensor(y, shape.y(), type);
        Shape f = shape.filter();
        check(JCudnn.cudnnCreateFilterDescriptor(filter), "cudnnCreateFilterDescriptor");
        check(JCudnn.cudnnSetFilter4dDescriptor(filter, type, cudnnTensorFormat.CUDNN_TENSOR_NCHW, f.dim(0), f.dim(1), f.dim(2),
                f.dim(3)), "cudnnSetFilter4dDescriptor");
        Window w = shape.window();
        check(JCudnn.cudnnCreateConvolutionDescriptor(descriptor), "cudnnCreateConvolutionDescriptor");
        check(JCudnn.cudnnSetConvolution2dDescriptor(descriptor, w.pad().h(), w.pad().w(), w.stride().h(), w.stride().w(),
                w.dilation().h(), w.dilation().w(), cudnnConvolutionMode.CUDNN_CROSS_CORRELATION, type),
                "cudnnSetConvolution2dDescriptor");
        check(JCudnn.cudnnSetConvolutionGroupCount(descriptor, shape.groups()), "cudnnSetConvolutionGroupCount");
        math(tf32 ? cudnnMathType.CUDNN_DEFAULT_MATH : cudnnMathType.CUDNN_FMA_MATH);
    }

    private static void tensor(cudnnTensorDescriptor t, Shape s, int type) {
        check(JCudnn.cudnnCreateTensorDescriptor(t), "cudnnCreateTensorDescriptor");
        check(JCudnn.cudnnSetTensor4dDescriptor(t, cudnnTensorFormat.CUDNN_TENSOR_NCHW, type, s.dim(0), s.dim(1), s.dim(2),
                s.dim(3)), "cudnnSetTensor4dDescriptor");
    }

    private void math(int type) {
        check(JCudnn.cudnnSetConvolutionMathType(descriptor, type), "cudnnSetConvolutionMathType");
    }

    /**
     * @param fixed whether to take the algorithm that is documented to give the same bits, rather than the fastest one
     * @return null where there is none
     */
    static DnnConvolution plan(cudnnHandle handle, ConvolutionShape shape, Driver.Direction direction, boolean fixed,
                               boolean tf32) {
        DnnConvolution c = new DnnConvolution(shape, direction, tf32);
        if (!fixed && c.measured(handle, tf32) || c.documented(handle)) {
            return c;
        }
        c.close();
        return null;
    }

    /** The first of these that works: all of them add in a fixed order. */
    private boolean documented(cudnnHandle handle) {
        int[] candidates = switch (direction) {
            case FORWARD -> new int[] {cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM};
            case DATA -> new int[] {cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1};
            case FILTER -> new int[] {cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1};
        };
        long[] size = new long[1];
        for (int a : candidates) {
            int status = switch (direction) {
                case FORWARD -> JCudnn.cudnnGetConvolutionForwardWorkspaceSize(handle, x, filter, descriptor, y, a, size);
                case DATA -> JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(handle, filter, y, descriptor, x, a, size);
                case FILTER -> JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, x, y, descriptor, filter, a, size);
            };
            if (status == cudnnStatus.CUDNN_STATUS_SUCCESS) {
                algorithm = a;
                bytes = size[0];
                return true;
            }
        }
        return false;
    }

    private boolean measured(cudnnHandle handle, boolean tf32) {
        return switch (direction) {
            case FORWARD -> forward(handle, tf32);
            case DATA -> data(handle, tf32);
            case FILTER -> filter(handle, tf32);
        };
    }

    /** Takes an algorithm, the fastest first, if it works within the bytes. */
    private boolean take(int status, long memory, int a, int math, boolean tf32) {
        if (status != cudnnStatus.CUDNN_STATUS_SUCCESS || memory > MOST) {
            return false;
        }
        if (tf32) {
            math(math);
        }
        algorithm = a;
        bytes = memory;
        return true;
    }

    private boolean forward(cudnnHandle handle, boolean tf32) {
        cudnnConvolutionFwdAlgoPerf[] p = new cudnnConvolutionFwdAlgoPerf[CANDIDATES];
        for (int i = 0; i < p.length; i++) {
            p[i] = new cudnnConvolutionFwdAlgoPerf();
        }
        int[] n = new int[1];
        int status = JCudnn.cudnnFindConvolutionForwardAlgorithm(handle, x, filter, descriptor, y, p.length, n, p);
        for (int i = 0; status == cudnnStatus.CUDNN_STATUS_SUCCESS && i < n[0]; i++) {
            if (take(p[i].status, p[i].memory, p[i].algo, p[i].mathType, tf32)) {
                return true;
            }
        }
        return false;
    }

    private boolean data(cudnnHandle handle, boolean tf32) {
        cudnnConvolutionBwdDataAlgoPerf[] p = new cudnnConvolutionBwdDataAlgoPerf[CANDIDATES];
        for (int i = 0; i < p.length; i++) {
            p[i] = new cudnnConvolutionBwdDataAlgoPerf();
        }
        int[] n = new int[1];
        int status = JCudnn.cudnnFindConvolutionBackwardDataAlgorithm(handle, filter, y, descriptor, x, p.length, n, p);
        for (int i = 0; status == cudnnStatus.CUDNN_STATUS_SUCCESS && i < n[0]; i++) {
            if (take(p[i].status, p[i].memory, p[i].algo, p[i].mathType, tf32)) {
                return true;
            }
        }
        return false;
    }

    private boolean filter(cudnnHandle handle, boolean tf32) {
        cudnnConvolutionBwdFilterAlgoPerf[] p = new cudnnConvolutionBwdFilterAlgoPerf[CANDIDATES];
        for (int i = 0; i < p.length; i++) {
            p[i] = new cudnnConvolutionBwdFilterAlgoPerf();
        }
        int[] n = new int[1];
        int status = JCudnn.cudnnFindConvolutionBackwardFilterAlgorithm(handle, x, y, descriptor, filter, p.length, n, p);
        for (int i = 0; status == cudnnStatus.CUDNN_STATUS_SUCCESS && i < n[0]; i++) {
            if (take(p[i].status, p[i].memory, p[i].algo, p[i].mathType, tf32)) {
                return true;
            }
        }
        return false;
    }

    ConvolutionShape shape() {
        return shape;
    }

    Driver.Direction direction() {
        return direction;
    }

    cudnnTensorDescriptor x() {
        return x;
    }

    cudnnTensorDescriptor y() {
        return y;
    }

    cudnnFilterDescriptor filter() {
        return filter;
    }

    cudnnConvolutionDescriptor descriptor() {
        return descriptor;
    }

    int algorithm() {
        return algorithm;
    }

    long bytes() {
        return bytes;
    }

    void close() {
        check(JCudnn.cudnnDestroyTensorDescriptor(x), "cudnnDestroyTensorDescriptor");
        check(JCudnn.cudnnDestroyTensorDescriptor(y), "cudnnDestroyTensorDescriptor");
        check(JCudnn.cudnnDestroyFilterDescriptor(filter), "cudnnDestroyFilterDescriptor");
        check(JCudnn.cudnnDestroyConvolutionDescriptor(descriptor), "cudnnDestroyConvolutionDescriptor");
    }
}
