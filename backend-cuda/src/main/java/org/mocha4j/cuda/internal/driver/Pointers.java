package org.mocha4j.cuda.internal.driver;

import jcuda.NativePointerObject;
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

    /** The arguments of a launch: a pointer to pointers to each. */
    static Pointer arguments(Arguments a) {
        NativePointerObject[] all = new NativePointerObject[a.count()];
        for (int i = 0; i < all.length; i++) {
            all[i] = Pointer.to(a.value(i));
        }
        return Pointer.to(all);
    }
}
