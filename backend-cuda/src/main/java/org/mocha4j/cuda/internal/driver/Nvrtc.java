package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.DeviceException;

/** The compiler of CUDA C. */
final class Nvrtc {
    private static final int COMPILATION_FAILED = 6;
    private final NativeLibrary library;
    private final String architecture;

    /** @param architecture compute capability: 90 */
    Nvrtc(NativeLibrary library, int architecture) {
        this.library = library;
        this.architecture = best(architecture);
    }

    String version() {
        IntByReference major = new IntByReference();
        IntByReference minor = new IntByReference();
        call("nvrtcVersion", major, minor);
        return major.getValue() + "." + minor.getValue();
    }

    private int invoke(String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }

    private void call(String function, Object... arguments) {
        int r = invoke(function, arguments);
        if (r != 0) {
            throw new DeviceException("cuda: " + function + ": " + words(r));
        }
    }

    private String words(int result) {
        return library.getFunction("nvrtcGetErrorString").invokeString(new Object[] {result}, false);
    }

    /** Code for the device itself; where the compiler is older than the device, for the newest that it knows, as PTX. */
    private String best(int architecture) {
        IntByReference count = new IntByReference();
        call("nvrtcGetNumSupportedArchs", count);
        try (Memory m = new Memory(4L * Math.max(1, count.getValue()))) {
            call("nvrtcGetSupportedArchs", m);
            int newest = 0;
            for (int i = 0; i < count.getValue(); i++) {
                int a = m.getInt(4L * i);
                if (a == architecture) {
                    return "sm_" + a;
                }
                newest = a < architecture ? Math.max(newest, a) : newest;
            }
            if (newest == 0) {
                throw new DeviceException("NVRTC " + version() + " does not know devices of compute capability "
                        + architecture / 10.0 + ", nor older ones; install a CUDA toolkit for this device");
            }
            return "compute_" + newest;
        }
    }

    /** What the compiler is told; nvcc takes the same. */
    static List<String> options(String architecture, List<String> definitions) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + architecture, "--std=c++17", "--fmad=false"));
        definitions.forEach(d -> options.add("--define-macro=" + d));
        return options;
    }

    /** @return code for {@code cuModuleLoadData}; a text ends with 0 */
    byte[] compile(String name, String source, List<String> definitions) {
        List<String> options = options(architecture, definitions);
        PointerByReference program = new PointerByReference();
        call("nvrtcCreateProgram", program, source, name, 0, Pointer.NULL, Pointer.NULL);
        try {
            Pointer p = program.getValue();
            int r = invoke("nvrtcCompileProgram", p, options.size(), options.toArray(String[]::new));
            if (r != 0) {
                String log = r == COMPILATION_FAILED ? ":\n" + new String(bytes("nvrtcGetProgramLog", p), StandardCharsets.UTF_8)
                        : "";
                throw new DeviceException("cuda: kernel " + name + " does not compile (" + words(r) + ")" + log.replace("\0", ""));
            }
            return bytes(architecture.startsWith("sm_") ? "nvrtcGetCUBIN" : "nvrtcGetPTX", p);
        } finally {
            invoke("nvrtcDestroyProgram", program);
        }
    }

    private byte[] bytes(String function, Pointer program) {
        try (Memory size = new Memory(8)) {
            size.setLong(0, 0);
            call(function + "Size", program, size);
            try (Memory m = new Memory(Math.max(1, size.getLong(0)))) {
                call(function, program, m);
                return m.getByteArray(0, Math.toIntExact(size.getLong(0)));
            }
        }
    }
}
