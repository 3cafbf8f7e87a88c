package org.mocha4j.nativecpu.internal;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.mocha4j.api.DeviceException;
import org.mocha4j.nativecpu.internal.install.Bundled;
import org.mocha4j.nativecpu.internal.install.Installer;
import org.mocha4j.nativecpu.internal.install.LinkFailure;
import org.mocha4j.nativecpu.internal.install.Machine;

/**
 * Finds the library for this machine in the bundle, installs it and binds {@link Calls} to it.
 *
 * @param properties of the system: {@value #LIBRARY} names a library built by hand, {@value #LEVEL} holds the level of
 *                   instructions at 3 (AVX2) on a processor of level 4 (AVX-512)
 */
record Loader(Machine machine, Bundled.Resources resources, UnaryOperator<String> properties) {
    static final String LIBRARY = "mocha.native.library";
    static final String LEVEL = "mocha.native.level";
    private static final int LEAST = 3;
    private static final int MOST = 4;
    /** Everything is bound at once, so that what is missing is reported and not met in the middle of a computation. */
    private static final int RTLD_NOW = 2;

    static Loader current() {
        return new Loader(Machine.current(System::getProperty, System.getenv()), Loader.class::getResourceAsStream,
                System::getProperty);
    }

    /** @throws DeviceException if the library cannot be used here */
    Library load() {
        requireJna();
        String named = properties.apply(LIBRARY);
        if (named != null) {
            return bind(Path.of(named).toAbsolutePath(), Calls.class);
        }
        Bundled bundle = Bundled.of(machine.platform(), resources);
        try (Installer installer = new Installer(bundle, machine)) {
            Path probe = installer.install("libmocha4j-probe.so", false);
            int level = level(call(open(probe), "mocha_level", probe), bundle);
            return bind(installer.install(library(level), true), Calls.class);
        }
    }

    private static String library(int level) {
        return "libmocha4j-v" + level + ".so";
    }

    /** The level to use on a processor: the highest that it has and the bundle too, or the one that is named. */
    int level(int processor, Bundled bundle) {
        if (processor < LEAST) {
            throw new DeviceException("native: the libraries for " + machine.platform()
                    + " need a processor with AVX2 and FMA (x86-64-v3), and this one has no such instructions, or the"
                    + " system does not switch them on; use the backend cpu");
        }
        List<String> usable = IntStream.rangeClosed(LEAST, Math.min(processor, MOST)).filter(i ->
                bundle.has(library(i)))
                .mapToObj(Integer::toString).toList();
        if (usable.isEmpty()) {
            throw new DeviceException("native: this bundle was built for the processor of another machine alone,"
                    + " with AVX-512, which this one does not have; build it with -Dnative.target=all, or use the"
                    + " backend cpu");
        }
        String wanted = properties.apply(LEVEL);
        if (wanted != null && !usable.contains(wanted)) {
            throw new DeviceException("native: " + LEVEL + " is [" + wanted + "], expected one of " + usable);
        }
        return Integer.parseInt(wanted == null ? usable.get(usable.size() - 1) : wanted);
    }

    private Library bind(Path file, Class<?> calls) {
        NativeLibrary library = open(file);
        int version = call(library, "mocha_version", file);
        if (version != Calls.VERSION) {
            throw new DeviceException("native: " + file + " has version " + version + " of the interface, expected "
                    + Calls.VERSION + "; build it from the same sources as the bundle");
        }
        try {
            Native.register(calls, library);
        } catch (LinkageError e) {
            throw LinkFailure.of(file, machine.platform(), e);
        }
        return new Library(Calls.mocha_description());
    }

    private NativeLibrary open(Path file) {
        try {
            return NativeLibrary.getInstance(file.toString(), Map.of(com.sun.jna.Library.OPTION_OPEN_FLAGS, RTLD_NOW,
                    com.sun.jna.Library.OPTION_STRING_ENCODING, "UTF-8"));
        } catch (UnsatisfiedLinkError e) {
            throw LinkFailure.of(file, machine.platform(), e);
        }
    }

    /** JNA unpacks a library of its own, for the first of its classes that is used. */
    private void requireJna() {
        try {
            Class.forName(Native.class.getName(), true, Loader.class.getClassLoader());
        } catch (ClassNotFoundException | Error e) {
            throw new DeviceException("native: JNA, through which the libraries are called, cannot be used on "
                    + machine.platform() + ": " + e.getMessage() + "; -Djna.tmpdir=FOLDER names a folder that JNA"
                    + " can write to and run code from", e);
        }
    }

    private int call(NativeLibrary library, String function, Path file) {
        try {
            Function f = library.getFunction(function);
            return f.invokeInt(new Object[0]);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException("native: " + file + " has no function " + function
                    + ", so it is not a library of this backend; build it from the same sources as the bundle", e);
        }
    }
}
