package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.mocha4j.api.DeviceException;

/** A real device: the driver through JCuda, kernels by NVRTC, products by cuBLAS, convolutions by cuDNN. */
public final class Hardware implements Driver {
    private final int number;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final Handles handles = new Handles();
    private final DeviceInfo info;
    private final Nvrtc nvrtc;
    private final Blas blas;
    private final Dnn dnn;

    private Hardware(int number, Installation libraries, boolean tf32) {
        this.number = number;
        int[] count = new int[1];
        check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
        if (number >= count[0]) {
            throw new DeviceException("there is no cuda device " + number + "; this machine has " + count[0]
                    + (count[0] == 0 ? "" : ", numbered from 0"));
        }
        check(JCudaDriver.cuDeviceGet(device, number), "cuDeviceGet");
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        boolean done = false;
        Blas openBlas = null;
        try {
            attach();
            nvrtc = new Nvrtc(libraries.nvrtc(), architecture());
            blas = openBlas = new Blas(libraries.cublas(), this, tf32);
            dnn = new Dnn(tf32);
            info = new DeviceInfo(name(), architecture(), memory(), versions());
            done = true;
        } finally {
            if (!done) {
                if (openBlas != null) {
                    openBlas.close();
                }
                JCudaDriver.cuDevicePrimaryCtxRelease(device);
            }
        }
    }

    /**
     * @param libraries of this machine
     * @param number    of the device
     * @param tf32      whether products of float32 may round their factors
     * @throws DeviceException if there is no such device, or it cannot be used
     */
    public static Hardware open(Installation libraries, int number, boolean tf32) {
        try {
            check(JCudaDriver.cuInit(0), "cuInit");
            return new Hardware(number, libraries, tf32);
        } catch (LinkageError e) {
            throw new DeviceException("a library of CUDA cannot be used: " + e.getClass().getSimpleName() + ": "
                    + Text.line(e), e);
        }
    }

    /** @throws DeviceException if a call did not succeed */
    static void check(int result, String call) {
        if (result != CUresult.CUDA_SUCCESS) {
            String[] words = new String[1];
            JCudaDriver.cuGetErrorString(result, words);
            throw new DeviceException("cuda: " + call + ": " + CUresult.stringFor(result) + ": " + words[0]);
        }
    }

    private int attribute(int which) {
        int[] v = new int[1];
        check(JCudaDriver.cuDeviceGetAttribute(v, which, device), "cuDeviceGetAttribute");
        return v[0];
    }

    private int architecture() {
        return 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    private String name() {
        byte[] text = new byte[256];
        check(JCudaDriver.cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
        return new String(text, StandardCharsets.UTF_8).replaceFirst("\0.*", "");
    }

    private long memory() {
        long[] v = new long[1];
        check(JCudaDriver.cuDeviceTotalMem(v, device), "cuDeviceTotalMem");
        return v[0];
    }

    private String versions() {
        int[] v = new int[1];
        check(JCudaDriver.cuDriverGetVersion(v), "cuDriverGetVersion");
        return "driver for CUDA " + v[0] / 1000 + "." + v[0] % 1000 / 10 + ", NVRTC " + nvrtc.version() + ", cuBLAS "
                + blas.version() + ", cuDNN " + dnn.version();
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public void attach() {
        check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    @Override
    public long allocate(long bytes) {
        Pointers.Device p = new Pointers.Device();
        int r = JCudaDriver.cuMemAlloc(p, bytes);
        if (r == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            return 0;
        }
        check(r, "cuMemAlloc");
        return p.address();
    }

    @Override
    public void free(long address) {
        check(JCudaDriver.cuMemFree(Pointers.device(address)), "cuMemFree");
    }

    @Override
    public long allocatePinned(long bytes) {
        Pointers.Host p = new Pointers.Host();
        int r = JCudaDriver.cuMemHostAlloc(p, bytes, 0);
        if (r == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            return 0;
        }
        check(r, "cuMemHostAlloc");
        return p.address();
    }

    @Override
    public void freePinned(long address) {
        check(JCudaDriver.cuMemFreeHost(Pointers.to(address)), "cuMemFreeHost");
    }

    private Pointers.Stream streamOf(long stream) {
        return handles.get(stream, Pointers.Stream.class);
    }

    @Override
    public void clear(long address, long bytes, long stream) {
        check(JCudaDriver.cuMemsetD8Async(Pointers.device(address), (byte) 0, bytes, streamOf(stream)), "cuMemsetD8Async");
    }

    @Override
    public void upload(long to, long from, long bytes, long stream) {
        check(JCudaDriver.cuMemcpyHtoDAsync(Pointers.device(to), Pointers.to(from), bytes, streamOf(stream)),
                "cuMemcpyHtoDAsync");
    }

    @Override
    public void download(long to, long from, long bytes, long stream) {
        check(JCudaDriver.cuMemcpyDtoHAsync(Pointers.to(to), Pointers.device(from), bytes, streamOf(stream)),
                "cuMemcpyDtoHAsync");
    }

    @Override
    public void copy(long to, long from, long bytes, long stream) {
        check(JCudaDriver.cuMemcpyDtoDAsync(Pointers.device(to), Pointers.device(from), bytes, streamOf(stream)),
                "cuMemcpyDtoDAsync");
    }

    @Override
    public long stream() {
        Pointers.Stream s = new Pointers.Stream();
        check(JCudaDriver.cuStreamCreate(s, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
        return handles.add(s);
    }

    @Override
    public void closeStream(long stream) {
        check(JCudaDriver.cuStreamDestroy(handles.remove(stream, Pointers.Stream.class)), "cuStreamDestroy");
    }

    @Override
    public void synchronize(long stream) {
        check(JCudaDriver.cuStreamSynchronize(streamOf(stream)), "cuStreamSynchronize");
    }

    @Override
    public long event() {
        CUevent e = new CUevent();
        check(JCudaDriver.cuEventCreate(e, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
        return handles.add(e);
    }

    @Override
    public void closeEvent(long event) {
        check(JCudaDriver.cuEventDestroy(handles.remove(event, CUevent.class)), "cuEventDestroy");
    }

    @Override
    public void record(long event, long stream) {
        check(JCudaDriver.cuEventRecord(handles.get(event, CUevent.class), streamOf(stream)), "cuEventRecord");
    }

    @Override
    public void await(long event, long stream) {
        check(JCudaDriver.cuStreamWaitEvent(streamOf(stream), handles.get(event, CUevent.class), 0), "cuStreamWaitEvent");
    }

    @Override
    public void synchronizeEvent(long event) {
        check(JCudaDriver.cuEventSynchronize(handles.get(event, CUevent.class)), "cuEventSynchronize");
    }

    @Override
    public byte[] compile(String name, String source, List<String> definitions) {
        return nvrtc.compile(name, source, definitions);
    }

    @Override
    public long module(byte[] code) {
        CUmodule m = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(m, code), "cuModuleLoadData");
        return handles.add(m);
    }

    @Override
    public void closeModule(long module) {
        check(JCudaDriver.cuModuleUnload(handles.remove(module, CUmodule.class)), "cuModuleUnload");
    }

    @Override
    public long function(long module, String name) {
        CUfunction f = new CUfunction();
        check(JCudaDriver.cuModuleGetFunction(f, handles.get(module, CUmodule.class), name), "cuModuleGetFunction " + name);
        return handles.add(f);
    }

    @Override
    public void launch(long function, long blocks, int threads, Arguments arguments, long stream) {
        try (Memory m = Pointers.arguments(arguments)) {
            CUfunction f = handles.get(function, CUfunction.class);
            check(JCudaDriver.cuLaunchKernel(f, Math.toIntExact(blocks), 1, 1, threads, 1, 1, 0, streamOf(stream),
                    Pointers.to(com.sun.jna.Pointer.nativeValue(m)), null), "cuLaunchKernel");
        }
    }

    @Override
    public void beginCapture(long stream) {
        check(JCudaDriver.cuStreamBeginCapture(streamOf(stream), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "cuStreamBeginCapture");
    }

    @Override
    public long endCapture(long stream) {
        CUgraph graph = new CUgraph();
        check(JCudaDriver.cuStreamEndCapture(streamOf(stream), graph), "cuStreamEndCapture");
        try {
            CUgraphExec exec = new CUgraphExec();
            check(JCudaDriver.cuGraphInstantiate(exec, graph, 0), "cuGraphInstantiate");
            return handles.add(exec);
        } finally {
            JCudaDriver.cuGraphDestroy(graph);
        }
    }

    @Override
    public void launchGraph(long graph, long stream) {
        check(JCudaDriver.cuGraphLaunch(handles.get(graph, CUgraphExec.class), streamOf(stream)), "cuGraphLaunch");
    }

    @Override
    public void closeGraph(long graph) {
        check(JCudaDriver.cuGraphExecDestroy(handles.remove(graph, CUgraphExec.class)), "cuGraphExecDestroy");
    }

    @Override
    public void multiply(Product product, long a, long b, long y, long stream) {
        blas.multiply(product, a, b, y, streamOf(stream));
    }

    @Override
    public long convolution(ConvolutionShape shape, Direction direction, boolean fixed, long most) {
        DnnConvolution c = dnn.plan(shape, direction, fixed, most);
        return c == null ? 0 : handles.add(c);
    }

    @Override
    public long convolutionBytes(long plan) {
        return handles.get(plan, DnnConvolution.class).bytes();
    }

    @Override
    public void convolve(long plan, long first, long second, long result, long workspace, long stream) {
        dnn.run(handles.get(plan, DnnConvolution.class), first, second, result, workspace, streamOf(stream));
    }

    @Override
    public void closeConvolution(long plan) {
        handles.remove(plan, DnnConvolution.class).close();
    }

    @Override
    public void close() {
        attach();
        dnn.close();
        blas.close();
        check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease");
    }

    @Override
    public String toString() {
        return "cuda device " + number;
    }
}
