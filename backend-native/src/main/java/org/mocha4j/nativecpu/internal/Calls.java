package org.mocha4j.nativecpu.internal;

import com.sun.jna.Pointer;

/** The C interface of the library, see {@code mocha.h}; bound by {@link Library}. Handles are addresses, 0 means failure. */
final class Calls {
    /** Of the interface that is declared here. */
    static final int VERSION = 2;

    private Calls() {
    }

    static native int mocha_version();

    static native String mocha_description();

    static native String mocha_error();

    static native long mocha_device(int threads);

    static native void mocha_device_close(long device);

    static native long mocha_plan(long device, String name, long[] whole, int wholes, double[] reals, int realCount);

    static native int mocha_plan_info(long plan, long[] out, int capacity);

    static native void mocha_plan_close(long plan);

    static native long mocha_program(long device, Pointer words, long count);

    static native int mocha_run(long program);

    static native void mocha_program_close(long program);

    static native long mocha_allocate(long bytes);

    static native void mocha_free(long address, long bytes);
}
