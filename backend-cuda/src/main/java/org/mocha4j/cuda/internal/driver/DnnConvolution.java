package org.mocha4j.cuda.internal.driver;

import static org.mocha4j.cuda.internal.driver.Dnn.check;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
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
    /** More than there are algorithms, each in two ways. */
    private static final int CANDIDATES = 24;
    private final ConvolutionShape shape;
    private final Driver.Direction direction;
    private final long most;
    private final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor descriptor = new cudnnConvolutionDescriptor();
    private final Deque<Runnable> made = new ArrayDeque<>();
    private int algorithm;
    private long bytes;

    /** An algorithm that was measured: whether it ran, its number, in what arithmetic. */
    private record Candidate(int status, int algorithm, int math) {
    }

    private DnnConvolution(ConvolutionShape shape, Driver.Direction direction, long most) {
        this.shape = shape;
        this.direction = direction;
        this.most = most;
    }

    private void describe(int math) {
        int type = shape.type() == DataType.FLOAT64 ? cudnnDataType.CUDNN_DATA_DOUBLE : cudnnDataType.CUDNN_DATA_FLOAT;
        tensor(x, shape.x(), type);
        tensor(y, shape.y(), type);
        Shape f = shape.filter();
        check(JCudnn.cudnnCreateFilterDescriptor(filter), "cudnnCreateFilterDescriptor");
        made.push(() -> check(JCudnn.cudnnDestroyFilterDescriptor(filter), "cudnnDestroyFilterDescriptor"));
        check(JCudnn.cudnnSetFilter4dDescriptor(filter, type, cudnnTensorFormat.CUDNN_TENSOR_NCHW, f.dim(0), f.dim(1), f.dim(2),
                f.dim(3)), "cudnnSetFilter4dDescriptor");
        Window w = shape.window();
        check(JCudnn.cudnnCreateConvolutionDescriptor(descriptor), "cudnnCreateConvolutionDescriptor");
        made.push(() -> check(JCudnn.cudnnDestroyConvolutionDescriptor(descriptor),
                "cudnnDestroyConvolutionDescriptor"));
        check(JCudnn.cudnnSetConvolution2dDescriptor(descriptor, w.pad().h(), w.pad().w(), w.stride().h(), w.stride().w(),
                w.dilation().h(), w.dilation().w(), cudnnConvolutionMode.CUDNN_CROSS_CORRELATION, type),
                "cudnnSetConvolution2dDescriptor");
        check(JCudnn.cudnnSetConvolutionGroupCount(descriptor, shape.groups()), "cudnnSetConvolutionGroupCount");
        math(math);
    }

    private void tensor(cudnnTensorDescriptor t, Shape s, int type) {
        check(JCudnn.cudnnCreateTensorDescriptor(t), "cudnnCreateTensorDescriptor");
        made.push(() -> check(JCudnn.cudnnDestroyTensorDescriptor(t), "cudnnDestroyTensorDescriptor"));
        check(JCudnn.cudnnSetTensor4dDescriptor(t, cudnnTensorFormat.CUDNN_TENSOR_NCHW, type, s.dim(0), s.dim(1), s.dim(2),
                s.dim(3)), "cudnnSetTensor4dDescriptor");
    }

    private void math(int type) {
        check(JCudnn.cudnnSetConvolutionMathType(descriptor, type), "cudnnSetConvolutionMathType");
    }

    /**
     * @param fixed whether to take the algorithm that is documented to give the same bits, rather than the fastest one
     * @param tf32  whether factors may be rounded; of no meaning for float64
     * @param most  bytes of work space
     * @return null where there is none
     */
    static DnnConvolution plan(cudnnHandle handle, ConvolutionShape shape, Driver.Direction direction, boolean fixed,
                               boolean tf32, long most) {
        DnnConvolution c = new DnnConvolution(shape, direction, most);
        boolean free = tf32 || shape.type() == DataType.FLOAT64;
        int math = free ? cudnnMathType.CUDNN_DEFAULT_MATH : cudnnMathType.CUDNN_FMA_MATH;
        boolean done = false;
        try {
            c.describe(math);
            done = !fixed && c.measured(handle, free, math) || c.documented(handle, math);
        } finally {
            if (!done) {
                c.close();
            }
        }
        return done ? c : null;
    }

    /** The first of these that works: all of them add in a fixed order. */
    private boolean documented(cudnnHandle handle, int math) {
        int[] candidates = switch (direction) {
            case FORWARD -> new int[] {cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM};
            case DATA -> new int[] {cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1};
            case FILTER -> new int[] {cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1};
        };
        for (int a : candidates) {
            if (take(handle, a, math)) {
                return true;
            }
        }
        return false;
    }

    /** Takes an algorithm if it works within the bytes, as the library says now that the arithmetic is known. */
    private boolean take(cudnnHandle handle, int a, int math) {
        math(math);
        long[] size = new long[1];
        int status = switch (direction) {
            case FORWARD -> JCudnn.cudnnGetConvolutionForwardWorkspaceSize(handle, x, filter, descriptor, y, a, size);
            case DATA -> JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(handle, filter, y, descriptor, x, a, size);
            case FILTER -> JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, x, y, descriptor, filter, a,
                    size);
        };
        if (status != cudnnStatus.CUDNN_STATUS_SUCCESS || size[0] > most) {
            return false;
        }
        algorithm = a;
        bytes = size[0];
        return true;
    }

    /**
     * The fastest that works. The library also measures arithmetic that was not asked for: where that is not free,
     * results in the one asked for come first, then the others' algorithms in the one asked for.
     */
    private boolean measured(cudnnHandle handle, boolean free, int math) {
        List<Candidate> all = switch (direction) {
            case FORWARD -> forward(handle);
            case DATA -> data(handle);
            case FILTER -> filter(handle);
        };
        List<Candidate> worked = all.stream().filter(c -> c.status() == cudnnStatus.CUDNN_STATUS_SUCCESS).toList();
        return worked.stream().anyMatch(c -> (free || c.math() == math) && take(handle, c.algorithm(), c.math()))
                || worked.stream().anyMatch(c -> take(handle, c.algorithm(), math));
    }

    /** Nothing where the library fails: then the documented ones are left. */
    private static int found(int status, int[] n) {
        return status == cudnnStatus.CUDNN_STATUS_SUCCESS ? n[0] : 0;
    }

    private List<Candidate> forward(cudnnHandle handle) {
        cudnnConvolutionFwdAlgoPerf[] p = new cudnnConvolutionFwdAlgoPerf[CANDIDATES];
        Arrays.setAll(p, i -> new cudnnConvolutionFwdAlgoPerf());
        int[] n = new int[1];
        int status = JCudnn.cudnnFindConvolutionForwardAlgorithm(handle, x, filter, descriptor, y, p.length, n, p);
        return Arrays.stream(p, 0, found(status, n)).map(c -> new Candidate(c.status, c.algo, c.mathType)).toList();
    }

    private List<Candidate> data(cudnnHandle handle) {
        cudnnConvolutionBwdDataAlgoPerf[] p = new cudnnConvolutionBwdDataAlgoPerf[CANDIDATES];
        Arrays.setAll(p, i -> new cudnnConvolutionBwdDataAlgoPerf());
        int[] n = new int[1];
        int status = JCudnn.cudnnFindConvolutionBackwardDataAlgorithm(handle, filter, y, descriptor, x, p.length, n, p);
        return Arrays.stream(p, 0, found(status, n)).map(c -> new Candidate(c.status, c.algo, c.mathType)).toList();
    }

    private List<Candidate> filter(cudnnHandle handle) {
        cudnnConvolutionBwdFilterAlgoPerf[] p = new cudnnConvolutionBwdFilterAlgoPerf[CANDIDATES];
        Arrays.setAll(p, i -> new cudnnConvolutionBwdFilterAlgoPerf());
        int[] n = new int[1];
        int status = JCudnn.cudnnFindConvolutionBackwardFilterAlgorithm(handle, x, y, descriptor, filter, p.length, n, p);
        return Arrays.stream(p, 0, found(status, n)).map(c -> new Candidate(c.status, c.algo, c.mathType)).toList();
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
        while (!made.isEmpty()) {
            made.pop().run();
        }
    }
}
