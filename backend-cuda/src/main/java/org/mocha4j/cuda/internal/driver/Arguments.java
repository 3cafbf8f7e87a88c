package org.mocha4j.cuda.internal.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.cuda.internal.CudaBuffer;

/**
 * The arguments of a kernel. Each is of 8 bytes — an address, a {@code long long}, a {@code double} — or a structure of
 * such, so that no padding has to be known here.
 */
public final class Arguments {
    private final List<long[]> values = new ArrayList<>();
    private final List<Boolean> pointers = new ArrayList<>();

    /** Where a buffer is. */
    public Arguments pointer(Buffer b) {
        return address(CudaBuffer.address(b));
    }

    /** As {@link #pointer}, but for the kernel to look whether it is the null pointer. */
    public Arguments optional(Buffer b) {
        return b == null ? structure(0) : pointer(b);
    }

    public Arguments address(long address) {
        values.add(new long[] {address});
        pointers.add(true);
        return this;
    }

    /** One argument for each number. */
    public Arguments whole(long... numbers) {
        for (long n : numbers) {
            structure(n);
        }
        return this;
    }

    public Arguments real(double... numbers) {
        for (double n : numbers) {
            structure(Double.doubleToRawLongBits(n));
        }
        return this;
    }

    public Arguments flag(boolean b) {
        return whole(b ? 1 : 0);
    }

    /** One argument that is a structure of whole numbers. */
    public Arguments structure(long... words) {
        values.add(words.clone());
        pointers.add(false);
        return this;
    }

    public int count() {
        return values.size();
    }

    /** Argument i as words. */
    public long[] value(int i) {
        return values.get(i);
    }

    public boolean isPointer(int i) {
        return pointers.get(i);
    }

    /** All words in a row. */
    public long[] words() {
        return values.stream().flatMapToLong(Arrays::stream).toArray();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            s.append(i == 0 ? "" : ", ").append(isPointer(i) ? "@" : Arrays.toString(value(i)));
        }
        return s.toString();
    }
}
