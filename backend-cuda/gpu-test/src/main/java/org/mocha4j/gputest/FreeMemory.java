package org.mocha4j.gputest;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Optional;

/**
 * The free memory of the only device. NVIDIA's management library is asked where it is there, because that needs no
 * context of its own, so that what closing a device gives back is seen too; else the driver, with a context that
 * stays.
 *
 * @param how for people
 */
record FreeMemory(String how, Ask ask) {
    /** Bytes. */
    interface Ask {
        long free();
    }

    long free() {
        return ask.free();
    }

    static Optional<FreeMemory> find() {
        return managed().or(FreeMemory::driver);
    }

    private static boolean works(NativeLibrary library, String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments) == 0;
    }

    /** Empty where there is more than one device, since numbers may differ from the driver's. */
    private static Optional<FreeMemory> managed() {
        try {
            NativeLibrary nvml = NativeLibrary.getInstance("libnvidia-ml.so.1");
            IntByReference count = new IntByReference();
            PointerByReference device = new PointerByReference();
            if (!works(nvml, "nvmlInit_v2") || !works(nvml, "nvmlDeviceGetCount_v2", count) || count.getValue() != 1
                    || !works(nvml, "nvmlDeviceGetHandleByIndex_v2", 0, device)) {
                return Optional.empty();
            }
            return Optional.of(new FreeMemory("NVML", () -> {
                try (Memory m = new Memory(24)) {                    // total, free, used
                    require(works(nvml, "nvmlDeviceGetMemoryInfo", device.getValue(), m), "nvmlDeviceGetMemoryInfo");
                    return m.getLong(8);
                }
            }));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    private static Optional<FreeMemory> driver() {
        try {
            NativeLibrary cuda = NativeLibrary.getInstance("libcuda.so.1");
            IntByReference device = new IntByReference();
            PointerByReference context = new PointerByReference();
            if (!works(cuda, "cuInit", 0) || !works(cuda, "cuDeviceGet", device, 0)
                    || !works(cuda, "cuDevicePrimaryCtxRetain", context, device.getValue())) {
                return Optional.empty();
            }
            return Optional.of(new FreeMemory("the driver", () -> free(cuda, context.getValue())));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    private static long free(NativeLibrary cuda, Pointer context) {
        try (Memory m = new Memory(16)) {                            // free, total
            require(works(cuda, "cuCtxSetCurrent", context), "cuCtxSetCurrent");
            require(works(cuda, "cuMemGetInfo_v2", m, m.share(8)), "cuMemGetInfo");
            return m.getLong(0);
        }
    }

    private static void require(boolean works, String call) {
        if (!works) {
            throw new IllegalStateException(call + " failed");
        }
    }
}
