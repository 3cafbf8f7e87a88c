package org.mocha4j.cuda.internal.driver;

import com.sun.jna.NativeLibrary;
import java.util.List;
import org.mocha4j.api.DeviceException;

/** The libraries of the CUDA toolkit that are bound through JNA: those of CUDA 13 or, where they are not there, of CUDA 12. */
public interface Libraries {
    /**
     * @param name without prefix and version: {@code cublas}, {@code nvrtc}
     * @throws DeviceException if it is not there
     */
    NativeLibrary find(String name);

    /** By the loader's own search. */
    static Libraries system() {
        return name -> {
            StringBuilder found = new StringBuilder();
            for (String version : List.of("13", "12")) {
                String file = "lib" + name + ".so." + version;
                try {
                    return NativeLibrary.getInstance(file);
                } catch (UnsatisfiedLinkError e) {
                    found.append(found.isEmpty() ? "" : "; ").append(file).append(": ")
                            .append(e.getMessage() == null ? "not found" : e.getMessage().lines().findFirst().orElse(""));
                }
            }
            throw new DeviceException("lib" + name + " of CUDA 13 or 12 cannot be loaded (" + found + ")");
        };
    }
}
