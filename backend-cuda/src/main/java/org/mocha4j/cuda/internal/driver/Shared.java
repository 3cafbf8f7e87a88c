package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.Map;
import org.mocha4j.api.DeviceException;

/** A library that is open, as far as it is asked before a device is opened. */
interface Shared {
    /** @throws UnsatisfiedLinkError if it has no such function */
    int call(String function, Object... arguments);

    /** Of a function without arguments that gives a size. @throws UnsatisfiedLinkError as before */
    long number(String function);

    /** For those who ask more. */
    NativeLibrary library();

    /** Opens libraries. */
    interface Opener {
        /** @throws UnsatisfiedLinkError if it cannot be opened */
        Shared open(Path file);
    }

    /** Opens them through JNA, for good: they have threads of their own, which must not lose their code. */
    static Opener opener() {
        return file -> {
            requireJna();
            NativeLibrary n = NativeLibrary.getInstance(file.toString(), Map.of(Library.OPTION_OPEN_FLAGS, Open.FLAGS));
            return new Open(n);
        };
    }

    /** JNA unpacks a library of its own, for the first of its classes that is used. */
    private static void requireJna() {
        try {
            Class.forName(Native.class.getName(), true, Shared.class.getClassLoader());
        } catch (ClassNotFoundException | Error e) {
            throw new DeviceException("JNA, through which CUDA's libraries are called, cannot be used (" + Text.line(e)
                    + "); -Djna.tmpdir=FOLDER names a folder that JNA can write to and run code from", e);
        }
    }

    /** @param library by JNA */
    record Open(NativeLibrary library) implements Shared {
        private static final int LAZY = 1;
        private static final int GLOBAL = 0x100;
        private static final int NO_DELETE = 0x1000;
        static final int FLAGS = LAZY | GLOBAL | NO_DELETE;

        @Override
        public int call(String function, Object... arguments) {
            return library.getFunction(function).invokeInt(arguments);
        }

        @Override
        public long number(String function) {
            Function f = library.getFunction(function);
            return f.invokeLong(new Object[0]);
        }
    }
}
