package org.mocha4j.cuda.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mocha4j.api.DataType;

/**
 * CUDA C for one type of numbers. The text is what {@code kernels/mocha.cuh} holds, followed by one of the files beside it
 * or by a generated kernel; {@code real} is the type.
 *
 * @param name for people
 */
public record Source(String name, String text, DataType type) {
    private static final String FOLDER = "/org/mocha4j/cuda/kernels/";

    /** The kernels of {@code kernels/NAME.cu}. */
    public static Source file(String name, DataType type) {
        return new Source(name + ".cu", read("mocha.cuh") + read(name + ".cu"), type);
    }

    /** A kernel that was written for one plan. */
    public static Source generated(String name, String text, DataType type) {
        return new Source(name, read("mocha.cuh") + text, type);
    }

    private static String read(String file) {
        try (InputStream in = Source.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no kernel source " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("kernel source " + file, e);
        }
    }

    /** What the compiler is told. */
    List<String> definitions() {
        return List.of(type == DataType.FLOAT64 ? "REAL=double" : "REAL=float");
    }
}
