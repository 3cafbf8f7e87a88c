package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.Shape;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.integration.example.LeNetExample;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.MnistData;

/** The real MNIST, from its IDX files to a trained LeNet, where the files are there. */
class MnistIT {
    private static final Path ROOT = Path.of(System.getProperty("mocha.root")).normalize();
    private static final Path MNIST = Path.of(System.getProperty("mocha.data", ROOT + "/../shared/data"))
        .resolve("mnist")
        .normalize();
    @TempDir static Path temp;

    @BeforeAll static void convert() throws Exception {
        if (Files.isDirectory(MNIST)) {
            DataWriter.write(MnistData.train(MNIST), MnistData.test(MNIST), temp);
        }
    }

    @BeforeEach void needsMnist() {
        assumeTrue(Files.isDirectory(MNIST), () -> "no MNIST at " + MNIST + "; name its parent with -Dmocha.data=DIR");
    }

    /** Figures of the published files, counted with other programs: images per digit, sum of the grey values. */
    @Test void theConversionKeepsEveryPixelAndLabel() throws Exception {
        assertContent("train.hdf5", 1_567_298_545L, 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
        assertContent("test.hdf5", 264_923_200L, 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }

    private static void assertContent(String file, long greys, int... perDigit) {
        Map<String, Array> content = new Hdf5Format().read(temp.resolve(file)).tensors();
        Array data = content.get("data");
        Array label = content.get("label");
        int[] counted = new int[10];
        for (int i = 0; i < label.elements(); i++) {
            counted[(int) label.at(i)]++;
        }
        assertArrayEquals(perDigit, counted, file);
        assertEquals(Shape.of(label.elements(), 1, 28, 28), data.shape());
        long sum = 0;
        for (int i = 0; i < data.elements(); i++) {
            sum += (long) (data.at(i) * 256);
        }
        assertEquals(greys, sum, file);
    }

    /** Three hundredths of the tutorial's training. */
    @Test void leNetLearnsInASubsetOfAnEpoch() throws Exception {
        String out = JavaRun.example(LeNetExample.class, temp, temp.toString(), "300");
        assertTrue(JavaRun.accuracy(out, 10_000) > 93, out);
    }
}
