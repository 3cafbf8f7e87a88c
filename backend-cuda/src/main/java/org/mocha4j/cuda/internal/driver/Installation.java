package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.DeviceException;
import org.mocha4j.cuda.internal.driver.Search.Found;
import org.mocha4j.cuda.internal.driver.Search.Wanted;

/**
 * What this machine has of CUDA: a driver, devices, NVRTC, cuBLAS and cuDNN, looked for in this order. The driver decides
 * which versions of the others can be used: those of its own CUDA and of older ones, down to CUDA 12.
 */
public final class Installation {
    private static final int OLDEST = 12;
    private static final int NEWEST = 13;
    private static final int NO_DEVICE = 100;
    private static final int OTHER_DRIVER = 803;
    private static final String DRIVERS = "install NVIDIA's driver 525 or newer (in a container, start it with --gpus all)";
    private static final Wanted DRIVER = new Wanted("NVIDIA driver", "libcuda.so", List.of("1"), List.of(), DRIVERS);
    private final Search search;
    private final Found driver;
    private final int cuda;
    private final String device;
    private final Found nvrtc;
    private final Found cublas;
    private final Found cudnn;

    /**
     * @param platform    system and processor, as {@code Linux amd64}
     * @param environment of this process
     * @throws DeviceException if something is missing or does not fit, in one line that says what was looked for, where,
     *                         what was found and what to install
     */
    Installation(Places places, Shared.Opener opener, String platform, Map<String, String> environment) {
        if (!platform.equals("Linux amd64")) {
            throw new DeviceException("the backend cuda is for Linux on x86-64, and this is " + platform
                    + "; use the backend cpu");
        }
        search = new Search(places, opener);
        driver = search.find(DRIVER);
        try {
            cuda = start(environment);
            nvrtc = search.find(toolkit("NVRTC", "libnvrtc.so", "libnvrtc-builtins.so"));
            cublas = search.find(toolkit("cuBLAS", "libcublas.so", "libcublasLt.so"));
            cudnn = search.find(new Wanted("cuDNN 9", "libcudnn.so", List.of("9"), List.of(), cudnnRemedy()));
            requireCudnn();
            device = name() + ", driver for CUDA " + version(cuda) + ", NVRTC " + nvrtcVersion() + ", cuBLAS "
                    + cublasVersion() + ", cuDNN " + cudnnVersion();
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException("a library of CUDA lacks a function (" + Text.line(e) + "); install it again", e);
        }
    }

    /** Of this machine. */
    public static Installation find() {
        return new Installation(Places.of(System::getProperty, System.getenv(), java.nio.file.Path.of("/")),
                Shared.opener(), System.getProperty("os.name") + " " + System.getProperty("os.arch"), System.getenv());
    }

    /** The first device and all versions. */
    @Override
    public String toString() {
        return device;
    }

    NativeLibrary nvrtc() {
        return nvrtc.library().library();
    }

    NativeLibrary cublas() {
        return cublas.library().library();
    }

    /** @return the version of CUDA that the driver is for: 12040 */
    private int start(Map<String, String> environment) {
        int r = driver.library().call("cuInit", 0);
        String where = driver.file().toString();
        if (r == NO_DEVICE) {
            String visible = environment.get("CUDA_VISIBLE_DEVICES");
            throw new DeviceException("there is no CUDA device (" + words(r) + "); the driver is " + where + "; "
                    + (visible == null ? "" : "the variable CUDA_VISIBLE_DEVICES is [" + visible + "]; ")
                    + "see whether nvidia-smi lists a device");
        }
        if (r != 0) {
            throw new DeviceException("the NVIDIA driver does not start (cuInit: " + words(r) + "); it is " + where + "; "
                    + (r == OTHER_DRIVER ? "restart the machine, so that the kernel loads the module of this version"
                            : "see whether nvidia-smi works"));
        }
        IntByReference v = new IntByReference();
        driverCall("cuDriverGetVersion", v);
        if (v.getValue() < OLDEST * 1000) {
            throw new DeviceException("the NVIDIA driver is too old (it is for CUDA " + version(v.getValue()) + "); it is "
                    + where + "; expected one for CUDA " + OLDEST + ".0 or newer; install driver 525 or newer");
        }
        return v.getValue();
    }

    private void driverCall(String function, Object... arguments) {
        int r = driver.library().call(function, arguments);
        if (r != 0) {
            throw new DeviceException("the NVIDIA driver does not work (" + function + ": " + words(r) + "); it is "
                    + driver.file() + "; see whether nvidia-smi works");
        }
    }

    private String words(int result) {
        PointerByReference p = new PointerByReference();
        boolean named = driver.library().call("cuGetErrorName", result, p) == 0 && p.getValue() != null;
        String name = named ? p.getValue().getString(0) : "error " + result;
        boolean explained = driver.library().call("cuGetErrorString", result, p) == 0 && p.getValue() != null;
        return explained ? name + ": " + p.getValue().getString(0) : name;
    }

    private String name() {
        IntByReference first = new IntByReference();
        driverCall("cuDeviceGet", first, 0);
        try (Memory m = new Memory(256)) {
            m.clear();
            driverCall("cuDeviceGetName", m, 256, first.getValue());
            return m.getString(0);
        }
    }

    private static String version(int cuda) {
        return cuda / 1000 + "." + cuda % 1000 / 10;
    }

    /** A part of the toolkit, of the driver's version of CUDA or an older one. */
    private Wanted toolkit(String title, String name, String beside) {
        boolean newest = cuda / 1000 >= NEWEST;
        return new Wanted(title, name, newest ? List.of("13", "12") : List.of("12"), List.of(beside), newest
                ? "install the toolkit of CUDA 13 or 12, " + named()
                : "the driver is for CUDA " + version(cuda) + "; install the toolkit of CUDA 12, " + named());
    }

    private static String named() {
        return "or name its folder with LD_LIBRARY_PATH or -D" + Places.PATH + "=FOLDER";
    }

    private String cudnnRemedy() {
        return "install cuDNN 9 for CUDA " + nvrtc.version() + ", " + named();
    }

    private void requireCudnn() {
        long built = cudnn.library().number("cudnnGetCudartVersion");
        if (cudnn.library().number("cudnnGetVersion") < 90000) {
            throw new DeviceException("cuDNN is too old (" + cudnnVersion() + "); it is " + cudnn.file() + "; "
                    + cudnnRemedy());
        }
        if (built / 1000 > cuda / 1000) {
            throw new DeviceException("cuDNN is too new for the driver (it is for CUDA " + version((int) built)
                    + ", and the driver for CUDA " + version(cuda) + "); it is " + cudnn.file() + "; " + cudnnRemedy());
        }
    }

    private String nvrtcVersion() {
        IntByReference major = new IntByReference();
        IntByReference minor = new IntByReference();
        require(nvrtc, "nvrtcVersion", major, minor);
        return major.getValue() + "." + minor.getValue();
    }

    private String cublasVersion() {
        StringBuilder s = new StringBuilder();
        for (int part = 0; part < 3; part++) {
            IntByReference v = new IntByReference();
            require(cublas, "cublasGetProperty", part, v);
            s.append(part == 0 ? "" : ".").append(v.getValue());
        }
        return s.toString();
    }

    private static void require(Found library, String function, Object... arguments) {
        int r = library.library().call(function, arguments);
        if (r != 0) {
            throw new DeviceException("a library of CUDA does not work (" + function + " gives " + r + "); it is "
                    + library.file() + "; install it again");
        }
    }

    private String cudnnVersion() {
        return Dnn.version(cudnn.library().number("cudnnGetVersion"));
    }
}
