package org.mocha4j.api.backend;

/**
 * The status word of an execution, the same for every backend; the methods here serve those whose memory is Java arrays.
 * Four INT64 that keep the first report: [0] code, [1] step, [2] sample or element, [3] the bits of the offending value as
 * double. Updates are predicated on code 0. Nobody writes [1] on a device: the runtime
 * knows the step from when it read the words.
 */
public final class Status {
    public static final int WORDS = 4;
    public static final long OK = 0;
    /** A label is outside 0 … classes−1 or has a fraction; [2] its row-major index. */
    public static final long BAD_LABEL = 1;
    /** A value that must be finite is not; [2] its index. */
    public static final long NOT_FINITE = 2;
    /** An index of a gather is outside the table; [2] its row-major index. */
    public static final long BAD_INDEX = 3;
    /** Codes from here on belong to third parties. */
    public static final long CUSTOM = 1000;

    private Status() {
    }

    /** Reports an error from a host kernel; keeps an earlier one. */
    public static void report(Buffer status, long code, long index, double value) {
        long[] s = ((HostBuffer) status).longs();
        synchronized (s) {
            if (s[0] == OK) {
                s[2] = index;
                s[3] = Double.doubleToRawLongBits(value);
                s[0] = code;
            }
        }
    }

    /** Whether nothing was reported. */
    public static boolean clear(Buffer status) {
        return ((HostBuffer) status).longs()[0] == OK;
    }
}
