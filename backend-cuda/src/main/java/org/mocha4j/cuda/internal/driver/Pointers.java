package org.mocha4j.cuda.internal.driver;

import com.sun.jna.Memory;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;

/** JCuda's pointers to addresses that are known as numbers. */
final class Pointers {
    private static final class Address extends Pointer {
        Address(long address) {
            super(address);
        }
    }

    /** Takes an address of device memory from a call. */
    static final class Device extends CUdeviceptr {
        long address() {
            return getNativePointer();
        }
    }

    /** Takes an address of host memory from a call. */
    static final class Host extends Pointer {
        long address() {
            return getNativePointer();
        }
    }

    /** A stream whose address can be given to libraries that are bound otherwise. */
    static final class Stream extends CUstream {
        long address() {
            return getNativePointer();
        }
    }

    private Pointers() {
    }

    static Pointer to(long address) {
        return new Address(address);
    }

    static CUdeviceptr device(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    /**
     * The arguments of a launch, in memory that is to be closed after the call: addresses of the arguments, then the
     * arguments. Memory of Java would have to be held still for JCuda, one array for each argument.
     */
    static Memory arguments(Arguments a) {
        long[] words = a.words();
        Memory m = new Memory(8L * (a.count() + words.length + 1));
        long at = com.sun.jna.Pointer.nativeValue(m) + 8L * a.count();
        for (int i = 0; i < a.count(); i++) {
            m.setLong(8L * i, at);
            at += 8L * a.value(i).length;
        }
        m.write(8L * a.count(), words, 0, words.length);
        return m;
    }
}
