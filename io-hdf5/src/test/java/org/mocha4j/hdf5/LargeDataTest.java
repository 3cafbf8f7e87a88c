package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Source;

/** A data set of many GiB: python3 src/test/python/h5py_large.py FILE 6, then -Dmocha4j.large=FILE. */
@EnabledIfSystemProperty(named = "mocha4j.large", matches = ".+", disabledReason = "skipped: no -Dmocha4j.large=FILE")
class LargeDataTest {
    private static final int BATCH = 64;
    private static final int SAMPLE_BYTES = 28 * 28 * 4;

    /** Batches around each multiple of 1 GiB and at the end hold the samples of that place. */
    @Test
    void everySampleIsWhereItShouldBe() {
        Path file = Path.of(System.getProperty("mocha4j.large"));
        try (DataStream s = new HDF5Data(file.toString(), BATCH)
                .open(new Source.Context("data", file.getParent(), DataType.FLOAT32, Phase.TRAIN, 1, 2))) {
            long size = s.size().getAsLong();
            List<HostTensor> batch = s.specs().stream().map(HostTensor::allocate).toList();
            long[] places = LongStream.concat(LongStream.of(0, size - BATCH), LongStream
                    .rangeClosed(1, (size * SAMPLE_BYTES >> 30) - 1).map(g -> (g << 30) / SAMPLE_BYTES - BATCH / 2))
                    .toArray();
            for (long place : places) {
                s.restore(new Position(0, place));
                s.next(batch);
                float[] pixels = batch.get(0).floats();
                for (int k = 0; k < BATCH; k++) {
                    int at = k * SAMPLE_BYTES / 4;
                    double found = 256 * (pixels[at] + 256 * (pixels[at + 1] + 256.0 * pixels[at + 2]));
                    assertEquals(place + k, found);
                    assertEquals((7 * (place + k) + (place + k) / 1000) % 10, batch.get(1).floats()[k]);
                }
            }
        }
    }
}
