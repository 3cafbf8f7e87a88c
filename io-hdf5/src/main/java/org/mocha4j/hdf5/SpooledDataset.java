package org.mocha4j.hdf5;

import io.jhdf.ObjectHeader.ObjectHeaderV2;
import io.jhdf.WritableDatasetImpl;
import io.jhdf.api.Group;
import io.jhdf.exceptions.HdfWritingException;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.Message;
import io.jhdf.storage.HdfFileChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A contiguous data set whose elements come from a {@link Spool}. jhdf writes arrays that it holds in memory; its own
 * data set is told of an array of the right type and rank, and what it would write of that is replaced here.
 */
final class SpooledDataset extends WritableDatasetImpl {
    private final Spool spool;

    SpooledDataset(Spool spool, String name, Group parent) {
        super(example(spool), name, parent);
        this.spool = spool;
    }

    /** An array of one element. */
    private static Object example(Spool spool) {
        int[] ones = new int[spool.dims().length];
        java.util.Arrays.fill(ones, 1);
        Class<?> element = spool.batch().type().newArray(0).getClass().getComponentType();
        return java.lang.reflect.Array.newInstance(element, ones);
    }

    private ByteBuffer header(long position, long address) {
        DataSpace space = DataSpace.modifyDimensions(DataSpace.fromObject(example(spool)), spool.dims());
        List<Message> messages = List.of(DataTypeMessage.create(getDataType()), DataSpaceMessage.create(space),
                FillValueMessage.NO_FILL, ContiguousDataLayoutMessage.create(address, spool.bytes()));
        return new ObjectHeaderV2(position, messages).toBuffer();
    }

    /** @return where the next object goes */
    @Override
    public long write(HdfFileChannel out, long position) {
        long address = position + header(position, 0).limit();
        out.write(header(position, address), position);
        out.position(address);
        FileChannel to = out.getFileChannel();
        try {
            long done = 0;
            while (done < spool.bytes()) {
                long n = spool.channel().transferTo(done, spool.bytes() - done, to);
                if (n <= 0) {
                    throw new IOException(spool.file() + " ends at byte " + done + " of " + spool.bytes());
                }
                done += n;
            }
        } catch (IOException e) {
            throw new HdfWritingException("rows of [" + spool.name() + "]: " + e.getMessage(), e);
        }
        return address + spool.bytes();
    }
}
