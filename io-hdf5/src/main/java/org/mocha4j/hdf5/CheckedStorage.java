package org.mocha4j.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.storage.HdfBackingStorage;
import io.jhdf.storage.HdfFileChannel;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.mocha4j.api.DataException;

/**
 * The bytes of a file as jhdf reads them. jhdf makes a buffer of whatever length the file claims for a heap, a header
 * or a chunk; here the claim is compared with the file's size first. Nothing is mapped: closing a file lets go of it.
 */
final class CheckedStorage extends HdfFileChannel {
    private final Path path;
    private final long size;
    private final long base;

    private CheckedStorage(Path path, FileChannel channel, Superblock superblock) throws IOException {
        super(channel, superblock);
        this.path = path;
        size = channel.size();
        base = superblock.getBaseAddressByte();
    }

    /** @param signature where it stands in the file */
    static CheckedStorage open(Path path, long signature) throws IOException {
        FileChannel channel = FileChannel.open(path);
        try {
            Superblock superblock = Superblock.readSuperblock(channel, signature);
            if (superblock.getBaseAddressByte() != signature) {
                throw new DataException(path + ": the superblock says that it stands at "
                        + superblock.getBaseAddressByte() + "; found it at " + signature + "; the file may be damaged");
            }
            return new CheckedStorage(path, channel, superblock);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** jhdf's file upon this storage: it has a constructor for that, which is not public in the version used here. */
    HdfFile file() {
        try {
            Constructor<HdfFile> c = HdfFile.class.getDeclaredConstructor(HdfBackingStorage.class);
            c.setAccessible(true);
            return c.newInstance(this);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this jhdf is not the version that this bundle was made with", e);
        }
    }

    @Override
    public ByteBuffer readBufferFromAddress(long address, int length) {
        check(address + base, length);
        return super.readBufferFromAddress(address, length);
    }

    @Override
    public ByteBuffer mapNoOffset(long address, long length, FileChannel.MapMode mode) {
        check(address, length);
        return super.readBufferFromAddress(address - base, (int) length);
    }

    private void check(long address, long length) {
        if (address < 0 || length < 0 || length > Integer.MAX_VALUE || address > size || length > size - address) {
            throw new DataException(path + " claims " + length + " bytes at " + address + "; found a file of " + size
                    + " bytes; it is damaged");
        }
    }
}
