package org.mocha4j.launcher.command;

import java.util.Locale;
import java.util.Map;
import org.mocha4j.api.DataType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that computes. Null where not given. */
final class DeviceArguments {
    @Option(names = "--backend", paramLabel = "NAME",
        description = "Where to compute; 'auto' (default) takes the fastest usable one. Also MOCHA_BACKEND.")
    String backend;

    @Option(names = "--threads", paramLabel = "N", converter = Count.class,
        description = "Threads to compute with; default: the backend decides. Also MOCHA_THREADS.")
    Integer threads;

    @Option(names = "--deterministic",
        description = "The same bits whatever the number of threads, also where that is slower.")
    boolean deterministic;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all randomness; default: the file's, else 1.")
    Long seed;

    @Option(names = "--type", paramLabel = "TYPE", converter = Type.class,
        description = "float32 or float64; default: the file's, else float32.")
    DataType type;

    @Option(names = "--device", paramLabel = "OPTION=VALUE",
        description = "An option of the backend, for example vector=off for cpu. Repeatable.")
    Map<String, String> device = Map.of();

    @Option(names = "--tune", paramLabel = "FILE",
        description = "Time the ways to compute each convolution that is not in the file, and add the fastest to it "
            + "(native); the same as --device tune=FILE. Later --device plans=FILE takes these without timing.")
    String tune;

    /** At least 1. */
    static final class Count implements ITypeConverter<Integer> {
        @Override public Integer convert(String text) {
            if (!text.matches("0*[1-9]\\d{0,8}")) {
                throw new TypeConversionException("expected a whole number of at least 1, found [" + text + "]");
            }
            return Integer.valueOf(text);
        }
    }

    static final class Type implements ITypeConverter<DataType> {
        @Override public DataType convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "float32" -> DataType.FLOAT32;
                case "float64" -> DataType.FLOAT64;
                default -> throw new TypeConversionException("expected float32 or float64, found [" + text + "]");
            };
        }
    }
}
