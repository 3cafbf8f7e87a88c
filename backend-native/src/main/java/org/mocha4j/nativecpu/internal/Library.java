package org.mocha4j.nativecpu.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.mocha4j.api.DeviceException;

/** The loaded library. */
record Library(String description) {
    static Library load() {
        String folder = System.getProperty("mocha.native.library");
        if (folder == null) {
            throw new DeviceException("native: no library");
        }
        Native.register(Calls.class, NativeLibrary.getInstance(folder));
        return new Library(Calls.mocha_description());
    }
}
