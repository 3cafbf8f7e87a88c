package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Source;

/** However data are stored and however little memory there is, batches are those of contiguous data, bit for bit. */
class ChunkedStreamTest {
    private static final int[] ROWS = {23, 1, 40};
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        int[][] chunks = {{7, 2, 3}, {1, 4, 5}, {9, 4, 5}};
        for (int f = 0; f < ROWS.length; f++) {
            float[][][] data = new float[ROWS[f]][4][5];
            float[] label = new float[ROWS[f]];
            for (int i = 0; i < ROWS[f]; i++) {
                label[i] = 100 * f + i;
                for (int k = 0; k < 20; k++) {
                    data[i][k / 5][k % 5] = 20 * label[i] + k;
                }
            }
            try (WritableHdfFile out = HdfFile.write(folder.resolve("plain" + f + ".h5"))) {
                out.putDataset("data", data);
                out.putDataset("label", label);
            }
            try (WritableHdfFile out = HdfFile.write(folder.resolve("chunked" + f + ".h5"))) {
                out.putDataset("data", data,
                        DatasetCreationOptions.builder().chunkDimensions(chunks[f]).shuffle().deflate().build());
                out.putDataset("label", label,
                        DatasetCreationOptions.builder().chunkDimensions(1 + ROWS[f] / 3).build());
            }
        }
        for (String kind : List.of("plain", "chunked")) {
            Files.writeString(folder.resolve(kind + ".txt"), kind + "0.h5\n" + kind + "1.h5\n" + kind + "2.h5\n");
        }
    }

    private DataStream open(String list, boolean shuffle, ChunkCache cache) {
        return new HDF5Stream(new HDF5Data(list, 6, null, shuffle, null), new Source.Context("data", folder,
                DataType.FLOAT32, Phase.TRAIN, 3, 2), cache);
    }

    /** 80 bytes are one row of data, 560 a band of the first file. */
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 2", "400, 1", "2000, 2", "4000, 3", "1000000, 0", "1000000, 2"})
    void batchesAreThoseOfContiguousData(long limit, int threads) {
        for (boolean shuffle : new boolean[] {false, true}) {
            ChunkCache cache = new ChunkCache(limit, threads);
            try (DataStream plain = open("plain.txt", shuffle, new ChunkCache(0, 0));
                 DataStream chunked = open("chunked.txt", shuffle, cache)) {
                List<HostTensor> expected = plain.specs().stream().map(HostTensor::allocate).toList();
                List<HostTensor> found = chunked.specs().stream().map(HostTensor::allocate).toList();
                for (int batch = 0; batch < 60; batch++) {
                    if (batch == 20) {
                        plain.restore(new Position(4, 61));
                        chunked.restore(new Position(4, 61));
                    }
                    plain.next(expected);
                    chunked.next(found);
                    for (int i = 0; i < expected.size(); i++) {
                        assertArrayEquals(expected.get(i).floats(), found.get(i).floats());
                    }
                    assertEquals(plain.position(), chunked.position());
                    assertEquals(true, cache.held() <= Math.max(limit, 80), cache.held() + " bytes are held");
                }
            }
        }
    }
}
