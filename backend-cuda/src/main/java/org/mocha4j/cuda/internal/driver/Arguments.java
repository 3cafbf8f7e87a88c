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
    /** For each argument, which of its words are addresses. */
    private final List<boolean[]> addresses = new ArrayList<>();

    /** Where a buffer is. */
    public Arguments pointer(Buffer b) {
        return address(CudaBuffer.address(b));
    }

    /** As {@link #pointer}, but for the kernel to look whether it is the null pointer. */
    public Arguments optional(Buffer b) {
        return b == null ? structure(0) : pointer(b);
    }

    public Arguments address(long address) {
        return table(new long[] {address}, new boolean[] {true});
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
        return table(words, new boolean[words.length]);
    }

    /** One argument that is a structure of whole numbers and addresses. */
    public Arguments table(long[] words, boolean[] areAddresses) {
        values.add(words.clone());
        addresses.add(areAddresses.clone());
        return this;
    }

    public int count() {
        return values.size();
    }

    /** Argument i as words. */
    public long[] value(int i) {
        return values.get(i);
    }

    /** All addresses. */
    public List<Long> addresses() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            for (int k = 0; k < value(i).length; k++) {
                if (addresses.get(i)[k]) {
                    all.add(value(i)[k]);
                }
            }
        }
        return all;
    }

    /** All words in a row. */
    public long[] words() {
        return values.stream().flatMapToLong(Arrays::stream).toArray();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            s.append(i == 0 ? "" : ", ").append(text(value(i), addresses.get(i)));
        }
        return s.toString();
    }

    private static String text(long[] words, boolean[] areAddresses) {
        List<String> all = new ArrayList<>();
        for (int k = 0; k < words.length; k++) {
            all.add(areAddresses[k] ? "@" : Long.toString(words[k]));
        }
        return words.length == 1 && areAddresses[0] ? "@" : all.toString();
    }
}
