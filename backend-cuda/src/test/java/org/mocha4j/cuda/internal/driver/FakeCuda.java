package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A machine with CUDA under a folder: its libraries are empty files that answer what they are told to answer. */
final class FakeCuda {
    final Map<String, String> properties = new HashMap<>();
    final Map<String, String> environment = new HashMap<>();
    /** In the order in which they were opened. */
    final List<String> opened = new ArrayList<>();
    /** Files that cannot be opened, and why. */
    final Map<String, String> broken = new HashMap<>();
    String platform = "Linux amd64";
    int init;
    int cuda = 13000;
    long cudnn = 91002;
    long cudnnCuda = 13000;
    boolean complete = true;
    private final Path root;
    private final List<Memory> texts = new ArrayList<>();

    FakeCuda(Path root) {
        this.root = root;
        file("usr/lib/x86_64-linux-gnu/libcuda.so.1");
    }

    /** The toolkit in its own folder, cuDNN among the system's. */
    FakeCuda toolkit(int version) {
        for (String name : List.of("libnvrtc", "libcublas", "libcublasLt")) {
            file("usr/local/cuda/lib64/" + name + ".so." + version);
        }
        file("usr/local/cuda/lib64/libnvrtc-builtins.so." + version + ".0");
        return this;
    }

    FakeCuda cudnn() {
        return file("usr/lib/x86_64-linux-gnu/libcudnn.so.9");
    }

    FakeCuda file(String path) {
        return file(path, "");
    }

    FakeCuda file(String path, String content) {
        try {
            Files.createDirectories(root.resolve(path).getParent());
            Files.writeString(root.resolve(path), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    FakeCuda without(String path) {
        try {
            Files.delete(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Installation find() {
        return new Installation(Places.of(properties::get, environment, root), this::open, platform, environment);
    }

    private Shared open(Path file) {
        String name = file.getFileName().toString();
        opened.add(name);
        if (broken.containsKey(name)) {
            throw new UnsatisfiedLinkError(broken.get(name));
        }
        return new Shared() {
            @Override
            public int call(String function, Object... arguments) {
                return answer(function, arguments);
            }

            @Override
            public long number(String function) {
                require(function);
                return function.equals("cudnnGetVersion") ? cudnn : cudnnCuda;
            }

            @Override
            public NativeLibrary library() {
                throw new AssertionError("no library is needed to find them");
            }
        };
    }

    private void require(String function) {
        if (!complete && function.equals("cudnnGetCudartVersion")) {
            throw new UnsatisfiedLinkError("Error looking up function '" + function + "'\nand more");
        }
    }

    private int answer(String function, Object... arguments) {
        switch (function) {
            case "cuInit":
                return init;
            case "cuDriverGetVersion":
                ((IntByReference) arguments[0]).setValue(cuda);
                break;
            case "cuGetErrorName":
                return text(Map.of(100, "CUDA_ERROR_NO_DEVICE", 803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", 999,
                        "CUDA_ERROR_UNKNOWN"), arguments);
            case "cuGetErrorString":
                return text(Map.of(100, "no CUDA-capable device is detected", 803,
                        "system has unsupported display driver / cuda driver combination", 999, "unknown error"), arguments);
            case "cuDeviceGet":
                ((IntByReference) arguments[0]).setValue(7);
                break;
            case "cuDeviceGetName":
                ((com.sun.jna.Pointer) arguments[0]).setString(0, "NVIDIA Fake " + arguments[2]);
                break;
            case "nvrtcVersion":
                ((IntByReference) arguments[0]).setValue(12);
                ((IntByReference) arguments[1]).setValue(6);
                break;
            case "cublasGetProperty":
                ((IntByReference) arguments[1]).setValue(List.of(12, 6, 4).get((int) arguments[0]));
                break;
            default:
                throw new AssertionError(function);
        }
        return 0;
    }

    private int text(Map<Integer, String> known, Object... arguments) {
        String text = known.get(arguments[0]);
        if (text == null) {
            return 1;
        }
        Memory m = new Memory(text.length() + 1);
        m.setString(0, text);
        texts.add(m);
        ((PointerByReference) arguments[1]).setValue(m);
        return 0;
    }
}
