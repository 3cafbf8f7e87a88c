package org.mocha4j.cuda.internal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DeviceException;

/** What probing says, as whole text; the folder that stands for the file system is left out. */
class InstallationTest {
    private static final String LOOKED = "looked in /etc/ld.so.cache, /usr/lib/x86_64-linux-gnu, /usr/lib, "
            + "/usr/local/cuda/lib64; ";
    private static final String NAMED = ", or name its folder with LD_LIBRARY_PATH or -Dmocha.cuda.path=FOLDER";
    @TempDir Path folder;
    private String root;
    private FakeCuda cuda;

    @BeforeEach
    void machine() throws IOException {
        root = folder.toRealPath().toString();
        cuda = new FakeCuda(folder.toRealPath()).toolkit(12).cudnn();
    }

    private String missing() {
        return assertThrows(DeviceException.class, cuda::find).getMessage().replace(root, "");
    }

    @Test
    void everythingIsThere() {
        assertEquals("NVIDIA Fake 7, driver for CUDA 13.0, NVRTC 12.6, cuBLAS 12.6.4, cuDNN 9.10.2", cuda.find().toString());
        assertEquals(List.of("libcuda.so.1", "libnvrtc-builtins.so.12.0", "libnvrtc.so.12", "libcublasLt.so.12",
                "libcublas.so.12", "libcudnn.so.9"), cuda.opened);
    }

    @Test
    void anotherSystem() {
        cuda.platform = "Mac OS X aarch64";
        assertEquals("the backend cuda is for Linux on x86-64, and this is Mac OS X aarch64; use the backend cpu", missing());
    }

    @Test
    void noDriverOpensNothing() {
        cuda.without("usr/lib/x86_64-linux-gnu/libcuda.so.1");
        assertEquals("there is no NVIDIA driver (libcuda.so.1); " + LOOKED
                + "install NVIDIA's driver 525 or newer (in a container, start it with --gpus all)", missing());
        assertEquals(List.of(), cuda.opened);
    }

    @Test
    void aDriverThatCannotBeLoaded() {
        cuda.broken.put("libcuda.so.1", "libcuda.so.1: wrong ELF class: ELFCLASS32\nand more");
        assertEquals("NVIDIA driver cannot be loaded (/usr/lib/x86_64-linux-gnu/libcuda.so.1: libcuda.so.1: wrong ELF class:"
                + " ELFCLASS32); install NVIDIA's driver 525 or newer (in a container, start it with --gpus all)", missing());
    }

    @Test
    void noDevice() {
        cuda.init = 100;
        assertEquals("there is no CUDA device (CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected); the driver is"
                + " /usr/lib/x86_64-linux-gnu/libcuda.so.1; see whether nvidia-smi lists a device", missing());
        cuda.environment.put("CUDA_VISIBLE_DEVICES", "");
        assertEquals("there is no CUDA device (CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected); the driver is"
                + " /usr/lib/x86_64-linux-gnu/libcuda.so.1; the variable CUDA_VISIBLE_DEVICES is []; see whether nvidia-smi"
                + " lists a device", missing());
    }

    @Test
    void aDriverThatDoesNotStart() {
        cuda.init = 803;
        assertEquals("the NVIDIA driver does not start (cuInit: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported"
                + " display driver / cuda driver combination); it is /usr/lib/x86_64-linux-gnu/libcuda.so.1; restart the"
                + " machine, so that the kernel loads the module of this version", missing());
        cuda.init = 999;
        assertEquals("the NVIDIA driver does not start (cuInit: CUDA_ERROR_UNKNOWN: unknown error); it is"
                + " /usr/lib/x86_64-linux-gnu/libcuda.so.1; see whether nvidia-smi works", missing());
        cuda.init = 12345;
        assertTrue(missing().startsWith("the NVIDIA driver does not start (cuInit: error 12345); it is"), missing());
    }

    @Test
    void aDriverThatIsTooOld() {
        cuda.cuda = 11080;
        assertEquals("the NVIDIA driver is too old (it is for CUDA 11.8); it is /usr/lib/x86_64-linux-gnu/libcuda.so.1;"
                + " expected one for CUDA 12.0 or newer; install driver 525 or newer", missing());
    }

    @Test
    void noNvrtc() {
        cuda.without("usr/local/cuda/lib64/libnvrtc.so.12");
        assertEquals("there is no NVRTC (libnvrtc.so.13 or libnvrtc.so.12); " + LOOKED
                + "install the toolkit of CUDA 13 or 12" + NAMED, missing());
        cuda.file("usr/lib/x86_64-linux-gnu/libnvrtc.so.11.2");
        assertEquals("there is no NVRTC (libnvrtc.so.13 or libnvrtc.so.12); " + LOOKED
                + "found only /usr/lib/x86_64-linux-gnu/libnvrtc.so.11.2; install the toolkit of CUDA 13 or 12" + NAMED,
                missing());
    }

    @Test
    void aToolkitThatIsTooNewForTheDriver() {
        cuda.cuda = 12040;
        cuda.without("usr/local/cuda/lib64/libcublas.so.12").toolkit(13);
        assertEquals("there is no cuBLAS (libcublas.so.12); " + LOOKED
                + "found only /usr/local/cuda/lib64/libcublas.so.13; the driver is for CUDA 12.4; install the toolkit of"
                + " CUDA 12" + NAMED, missing());
    }

    @Test
    void noCuBlas() {
        cuda.without("usr/local/cuda/lib64/libcublas.so.12");
        assertEquals("there is no cuBLAS (libcublas.so.13 or libcublas.so.12); " + LOOKED
                + "install the toolkit of CUDA 13 or 12" + NAMED, missing());
    }

    @Test
    void aLibraryThatCannotBeLoaded() {
        cuda.toolkit(13);
        cuda.broken.put("libcublas.so.13", "libcublasLt.so.13: cannot open shared object file");
        cuda.find();
        assertEquals(List.of("libcublas.so.13", "libcublasLt.so.12", "libcublas.so.12"), cuda.opened.subList(4, 7));
        cuda.broken.put("libcublas.so.12", "file too short");
        assertEquals("cuBLAS cannot be loaded (/usr/local/cuda/lib64/libcublas.so.13: libcublasLt.so.13: cannot open shared"
                + " object file, /usr/local/cuda/lib64/libcublas.so.12: file too short); install the toolkit of CUDA 13 or 12"
                + NAMED, missing());
    }

    @Test
    void noCudnn() {
        cuda.without("usr/lib/x86_64-linux-gnu/libcudnn.so.9").file("usr/lib/x86_64-linux-gnu/libcudnn.so.8");
        assertEquals("there is no cuDNN 9 (libcudnn.so.9); " + LOOKED
                + "found only /usr/lib/x86_64-linux-gnu/libcudnn.so.8; install cuDNN 9 for CUDA 12" + NAMED, missing());
    }

    @Test
    void anotherCudnn() {
        cuda.cudnn = 8907;
        assertEquals("cuDNN is too old (8.9.7); it is /usr/lib/x86_64-linux-gnu/libcudnn.so.9; install cuDNN 9 for CUDA 12"
                + NAMED, missing());
        cuda.cudnn = 91002;
        cuda.cuda = 12040;
        assertEquals("cuDNN is too new for the driver (it is for CUDA 13.0, and the driver for CUDA 12.4); it is"
                + " /usr/lib/x86_64-linux-gnu/libcudnn.so.9; install cuDNN 9 for CUDA 12" + NAMED, missing());
        cuda.complete = false;
        assertEquals("a library of CUDA lacks a function (Error looking up function 'cudnnGetCudartVersion'); install it"
                + " again", missing());
    }

    @Test
    void theNewestToolkitThatTheDriverCanUse() {
        cuda.toolkit(13);
        cuda.find();
        assertEquals("libnvrtc.so.13", cuda.opened.get(2));
        cuda.opened.clear();
        cuda.cuda = 12040;
        cuda.cudnnCuda = 12090;
        cuda.find();
        assertEquals("libnvrtc.so.12", cuda.opened.get(2));
    }

    @Test
    void placesInTheirOrder() {
        String lib = root + "/usr/local/cuda/lib64/libnvrtc.so.12";
        cuda.file("named/libnvrtc.so.12").file("variable/libnvrtc.so.12").file("home/lib64/libnvrtc.so.12")
                .file("usr/local/cuda-12.4/lib64/libnvrtc.so.12").file("usr/local/cuda-11.8/lib64/libnvrtc.so.12")
                .file("cached/libnvrtc.so.12").file("etc/ld.so.cache", "glibc-ld.so.cache1.1\0libnvrtc.so.12\0" + root
                        + "/cached/libnvrtc.so.12\0" + root + "/cached/libnvrtc.so.11\0" + root + "/gone/libnvrtc.so.12\0");
        cuda.properties.put("mocha.cuda.path", root + "/named:" + root + "/none");
        cuda.environment.put("LD_LIBRARY_PATH", root + "/variable::" + root + "/named");
        cuda.environment.put("CUDA_HOME", root + "/home");
        Places p = Places.of(cuda.properties::get, cuda.environment, Path.of(root));
        assertEquals(List.of(root + "/named/libnvrtc.so.12", root + "/variable/libnvrtc.so.12", root + "/cached/libnvrtc.so.12",
                root + "/home/lib64/libnvrtc.so.12", lib, root + "/usr/local/cuda-12.4/lib64/libnvrtc.so.12"),
                p.find("libnvrtc.so.12").stream().map(Path::toString).toList());
        assertEquals("/named, /variable, /etc/ld.so.cache, /usr/lib/x86_64-linux-gnu, /usr/lib, /home/lib64,"
                + " /usr/local/cuda/lib64, /usr/local/cuda-12.4/lib64", p.toString().replace(root, ""));
        cuda.find();
        assertEquals(List.of("libcuda.so.1", "libnvrtc.so.12"), cuda.opened.subList(0, 2));
    }

    /** As {@code auto} shows it: what is before the first semicolon. */
    @Test
    void theFirstPartOfAMessageStandsForItself() {
        cuda.without("usr/lib/x86_64-linux-gnu/libcudnn.so.9");
        assertEquals("there is no cuDNN 9 (libcudnn.so.9)", missing().split("; ")[0]);
    }
}
