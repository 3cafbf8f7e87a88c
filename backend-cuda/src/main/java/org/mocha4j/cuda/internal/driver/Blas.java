package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;

/**
 * Products by cuBLAS. It gets its work space here, so that it allocates none while a graph is captured and the same product
 * always gives the same bits.
 */
final class Blas {
    private static final int TF32 = 3;
    private static final int NO_TRANSPOSE = 0;
    private static final int TRANSPOSE = 1;
    /** What cuBLAS recommends for its largest devices. */
    private static final long WORKSPACE = 32L << 20;
    private final NativeLibrary library;
    private final Driver driver;
    private final Pointer handle;
    private final long workspace;
    private final Memory one = new Memory(8);
    private final Memory zero = new Memory(8);
    private Pointers.Stream bound;

    Blas(NativeLibrary library, Driver driver, boolean tf32) {
        this.library = library;
        this.driver = driver;
        PointerByReference p = new PointerByReference();
        call("cublasCreate_v2", p);
        handle = p.getValue();
        workspace = driver.allocate(WORKSPACE);
        if (tf32) {
            call("cublasSetMathMode", handle, TF32);
        }
        zero.setDouble(0, 0);
    }

    private void call(String function, Object... arguments) {
        int r = library.getFunction(function).invokeInt(arguments);
        if (r != 0) {
            throw new DeviceException("cuda: " + function + ": "
                    + library.getFunction("cublasGetStatusString").invokeString(new Object[] {r}, false));
        }
    }

    String version() {
        IntByReference v = new IntByReference();
        call("cublasGetVersion_v2", handle, v);
        int n = v.getValue();
        return n / 10000 + "." + n / 100 % 100 + "." + n % 100;
    }

    /** The stream first: to set it takes the work space away. */
    private void bind(Pointers.Stream stream) {
        if (stream != bound) {
            call("cublasSetStream_v2", handle, new Pointer(stream.address()));
            if (workspace != 0) {
                call("cublasSetWorkspace_v2", handle, new Pointer(workspace), WORKSPACE);
            }
            bound = stream;
        }
    }

    void multiply(Product p, long a, long b, long y, Pointers.Stream stream) {
        bind(stream);
        boolean single = p.type() == DataType.FLOAT32;
        if (single) {
            one.setFloat(0, 1);
        } else {
            one.setDouble(0, 1);
        }
        Pointer pa = new Pointer(a);
        Pointer pb = new Pointer(b);
        Pointer py = new Pointer(y);
        int ta = p.transposeA() ? TRANSPOSE : NO_TRANSPOSE;
        int tb = p.transposeB() ? TRANSPOSE : NO_TRANSPOSE;
        String name = single ? "cublasSgemm" : "cublasDgemm";
        if (p.batch() == 1) {
            call(name + "_v2", handle, tb, ta, p.n(), p.m(), p.k(), one, pb, p.strideB(), pa, p.strideA(), zero, py, p.n());
        } else {
            call(name + "StridedBatched", handle, tb, ta, p.n(), p.m(), p.k(), one, pb, p.strideB(), p.sizeB(), pa,
                    p.strideA(), p.sizeA(), zero, py, p.n(), p.sizeY(), p.batch());
        }
    }

    void close() {
        call("cublasDestroy_v2", handle);
        if (workspace != 0) {
            driver.free(workspace);
        }
        one.close();
        zero.close();
    }
}
