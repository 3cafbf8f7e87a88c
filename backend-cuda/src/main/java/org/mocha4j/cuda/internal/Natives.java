package org.mocha4j.cuda.internal;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jcuda.JCudaVersion;
import org.mocha4j.cuda.internal.driver.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JCuda's native libraries, which are in this bundle. They are loaded once for each class loader, from the folder of
 * compiled kernels, where their names have the digest of their content. Where that cannot be used, or where another class
 * loader has loaded the same file, they get a folder that is new and removed as soon as they are loaded. They are never
 * unloaded, though their bundle may be uninstalled.
 *
 * @param packed what is in the bundle; null for what is not
 * @param folder where they are kept
 */
public record Natives(Function<String, InputStream> packed, CodeFolder folder) {
    private static final List<String> LIBRARIES = List.of("JCudaDriver", "JCudnn");
    private static final int LAZY = 1;
    private static final int NO_DELETE = 0x1000;

    /** Loaded when it is first asked for. */
    private static final class Here {
        static final String PROBLEM = new Natives(Natives.class::getResourceAsStream, CodeFolder.ofUser()).load();
    }

    /** Why they cannot be used; null if they can. The driver and cuDNN have to be loaded. */
    static String problem() {
        return Here.PROBLEM;
    }

    /** For JCuda's classes. @throws UnsatisfiedLinkError if it cannot be used */
    public static void require(String library) {
        if (LIBRARIES.stream().noneMatch(l -> library.startsWith(l + "-"))) {
            throw new UnsatisfiedLinkError(library + " is not in this bundle, which uses " + LIBRARIES + " only");
        }
        if (Here.PROBLEM != null) {
            throw new UnsatisfiedLinkError(Here.PROBLEM);
        }
    }

    /** @return null, or what is wrong */
    String load() {
        for (String library : LIBRARIES) {
            String file = "lib" + library + "-" + JCudaVersion.get() + "-linux-x86_64";
            try (InputStream in = packed.apply("/META-INF/native/linux-x86_64/" + file + ".so")) {
                if (in == null) {
                    return "this bundle was built without JCuda's libraries, as with -Dcuda.natives.skip=true; build it"
                            + " again where Maven Central can be reached";
                }
                load(file, in.readAllBytes());
            } catch (IOException | LinkageError e) {
                return "JCuda's library " + file + ".so cannot be loaded (" + Text.line(e) + "); -Djava.io.tmpdir=FOLDER"
                        + " names a folder that can be written to and run code from";
            }
        }
        return null;
    }

    private void load(String name, byte[] content) throws IOException {
        Path kept = folder.file(name + "-" + digest(content) + ".so", content);
        if (kept != null) {
            try {
                load(kept);
                return;
            } catch (UnsatisfiedLinkError e) {
                Logger log = LoggerFactory.getLogger(Natives.class);
                log.debug("cuda: {} is unpacked for this class loader alone: {}", kept.getFileName(), Text.line(e));
            }
        }
        Path own = Files.createTempDirectory("mocha4j");             // a new one, its owner's alone
        Path file = own.resolve(name + ".so");
        try {
            Files.write(file, content);
            load(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(own);
        }
    }

    /** For this class loader, and by JNA for good. */
    private static void load(Path file) {
        System.load(file.toString());
        NativeLibrary.getInstance(file.toString(), Map.of(Library.OPTION_OPEN_FLAGS, LAZY | NO_DELETE));
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);                  // every Java has it
        }
    }
}
