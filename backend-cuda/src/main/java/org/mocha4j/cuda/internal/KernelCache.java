package org.mocha4j.cuda.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.mocha4j.cuda.internal.driver.Driver;

/** Compiled kernels of one device: those in use, by their source, and those of earlier runs in a folder, by content. */
public final class KernelCache {
    private record Name(long module, String kernel) {
    }

    private final Driver driver;
    private final CodeFolder folder;
    private final Map<Source, Long> modules = new HashMap<>();
    private final Map<Name, Long> functions = new HashMap<>();

    KernelCache(Driver driver, CodeFolder folder) {
        this.driver = driver;
        this.folder = folder;
    }

    /** A kernel, compiled if need be. */
    long function(Source source, String kernel) {
        Long module = modules.get(source);
        if (module == null) {
            module = driver.module(code(source));
            modules.put(source, module);
        }
        Name name = new Name(module, kernel);
        Long f = functions.get(name);
        if (f == null) {
            f = driver.function(module, kernel);
            functions.put(name, f);
        }
        return f;
    }

    private byte[] code(Source source) {
        String key = key(source);
        byte[] known = folder.read(key);
        if (known != null) {
            return known;
        }
        byte[] code = driver.compile(source.name(), source.text(), source.definitions());
        folder.write(key, code);
        return code;
    }

    /** Of everything that the compiled code depends on. */
    private String key(Source source) {
        try {
            MessageDigest d = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {source.text(), source.definitions().toString(),
                    String.valueOf(driver.info().architecture()), driver.info().versions()}) {
                d.update(part.getBytes(StandardCharsets.UTF_8));
                d.update((byte) 0);
            }
            return HexFormat.of().formatHex(d.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void close() {
        modules.values().forEach(driver::closeModule);
        modules.clear();
        functions.clear();
    }
}
