package org.mocha4j.nativecpu.internal;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
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
            int level = level(call(open(probe), "mocha_level", probe));
            return bind(installer.install("libmocha4j-v" + level + ".so", true), Calls.class);
        }
    }

    /** The level to use on a processor. */
    int level(int processor) {
        if (processor < LEAST) {
            throw new DeviceException("native: the libraries for " + machine.platform() + " need a processor with AVX2 and FMA"
                    + " (x86-64-v3), and this one has no such instructions, or the system does not switch them on; use the"
                    + " backend cpu");
        }
        String wanted = properties.apply(LEVEL);
        int most = Math.min(processor, MOST);
        if (wanted == null) {
            return most;
        }
        if (!wanted.matches("[34]") || Integer.parseInt(wanted) > most) {
            throw new DeviceException("native: " + LEVEL + " is [" + wanted + "], expected " + (most == LEAST ? "3" : "3 or 4")
                    + " on this processor");
        }
        return Integer.parseInt(wanted);
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
                    + machine.platform() + ": " + e.getMessage() + "; -Djna.tmpdir=FOLDER names a folder that JNA can write to"
                    + " and run code from", e);
        }
    }

    private int call(NativeLibrary library, String function, Path file) {
        try {
            Function f = library.getFunction(function);
            return f.invokeInt(new Object[0]);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException("native: " + file + " has no function " + function + ", so it is not a library of this"
                    + " backend; build it from the same sources as the bundle", e);
        }
    }
}
