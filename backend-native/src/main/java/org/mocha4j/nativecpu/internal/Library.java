package org.mocha4j.nativecpu.internal;

import org.mocha4j.api.DeviceException;

/**
 * The loaded library; once per loader of this class, as is the failure to load it.
 *
 * @param description versions and instruction set, for people
 */
record Library(String description) {
    /** Made when it is first asked for. */
    private static final class Attempt {
        static final Attempt ONLY = new Attempt();

        private final Library library;
        private final DeviceException failure;

        private Attempt() {
            Library loaded = null;
            DeviceException failed = null;
            try {
                loaded = Loader.current().load();
            } catch (DeviceException e) {
                failed = e;
            }
            library = loaded;
            failure = failed;
        }
    }

    /** @throws DeviceException if it cannot be loaded: library, path, platform, what is missing, what to do */
    static Library load() {
        Attempt a = Attempt.ONLY;
        if (a.failure != null) {
            throw new DeviceException(a.failure.getMessage(), a.failure);
        }
        return a.library;
    }
}
