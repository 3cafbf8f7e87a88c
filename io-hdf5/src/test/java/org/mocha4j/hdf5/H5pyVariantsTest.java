package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Source;

/** What h5py can write and what can be wrong with it: src/test/python/h5py_variants.py. */
class H5pyVariantsTest {
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final String NUMBERS = "; expected: numbers";
    private static final String WIDTHS = "; expected: IEEE floats of 16, 32 or 64 bits, or integers of 8, 16, 32 or 64 "
            + "bits";
    private static final String OLD = " cannot be read: Failed to load children for group '//' at address '96': ";
    private static final String NEW = " cannot be read: Failed to load children for group '//' at address '48': ";
    private static final String DAMAGED = "; the file may be damaged";

    private static Arguments reads(String file, String shape, LongToDoubleFunction values) {
        return reads(file, "data", shape, values);
    }

    private static Arguments reads(String file, String dataset, String shape, LongToDoubleFunction values) {
        return Arguments.of(file, dataset, shape, values);
    }

    static Stream<Arguments> good() {
        LongToDoubleFunction ramp = i -> i;
        return Stream.of(
                reads("contiguous", "5 x [3, 4]", ramp),
                reads("contiguous-f8", "5 x [3]", i -> i / 3.0),
                reads("chunked-ragged", "7 x [5, 3]", ramp),
                reads("gzip1", "40 x [6]", ramp),
                reads("gzip9-shuffle", "40 x [6]", ramp),
                reads("shuffle", "9 x [5]", ramp),
                reads("fletcher32", "9 x [5]", ramp),
                reads("all-filters", "9 x [5]", ramp),
                reads("lzf", "40 x [6]", ramp),
                reads("big-endian", "7 x [3]", i -> i / 2.0),
                reads("big-endian-int", "7 x [3]", ramp),
                reads("float16", "5 x [3]", i -> i / 4.0),
                reads("integers", "i1", "4 x [3]", i -> -i),
                reads("integers", "i2", "4 x [3]", i -> -i),
                reads("integers", "i4", "4 x [3]", i -> -i),
                reads("integers", "i8", "4 x [3]", i -> -i),
                reads("integers", "u1", "4 x [3]", i -> 0x1p7 + i),
                reads("integers", "u2", "4 x [3]", i -> 0x1p15 + i),
                reads("integers", "u4", "4 x [3]", i -> 0x1p31 + i),
                reads("integers", "u8", "4 x [3]", i -> 0x1p63),
                reads("resizable", "11 x [3]", ramp),
                reads("compact", "4 x [3]", ramp),
                reads("user-block", "4 x [3]", ramp),
                reads("user-block", "label", "4 x []", ramp),
                reads("scalar", "1 x []", ramp),
                reads("vector", "11 x []", ramp),
                reads("five-axes", "3 x [2, 5, 3, 4]", ramp),
                reads("nested", "group/inner/data", "4 x [3]", ramp),
                reads("links", "4 x [3]", ramp),
                reads("links", "hard", "4 x [3]", ramp),
                reads("many", "4 x [3]", ramp),
                reads("many", "d39", "2 x [2]", i -> i + 39),
                reads("superblock-1", "40 x [3]", ramp),
                reads("superblock-v108", "4 x [3]", ramp),
                reads("superblock-v110", "4 x [3]", ramp),
                reads("fill-value-early", "4 x [3]", i -> 7),
                reads("fill-value-in-chunk", "4 x [3]", i -> i < 6 ? i : 7),
                reads("gzip-skipped-for-a-chunk", "9 x [5]", ramp),
                reads("lzf-of-noise", "9 x [50]", i -> i * 2654435761L & 0xFFFFFFFFL),
                reads("more-samples-in-a-chunk-than-there-are", "3 x [4, 4]", ramp),
                reads("text-attribute", "4 x [3]", ramp),
                reads("index-single", "5 x [3]", ramp),
                reads("index-implicit", "7 x [3]", ramp),
                reads("index-fixed", "1100 x [2]", ramp),
                reads("index-extensible", "70 x [2]", ramp),
                reads("index-btree", "30 x [6]", ramp));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void good(String file, String dataset, String shape, LongToDoubleFunction values) throws Exception {
        for (boolean shuffle : new boolean[] {false, true}) {
            try (DataStream s = open(path(file), dataset, shuffle)) {
                HostTensor row = HostTensor.allocate(s.specs().get(0));
                long rows = s.size().getAsLong();
                int n = (int) row.elements();
                assertEquals(shape, rows + " x " + row.shape().toString().replaceFirst("1(, )?", ""));
                double found = 0;
                double expected = 0;
                for (long r = 0; r < rows; r++) {
                    s.next(List.of(row));
                    for (int i = 0; i < n; i++) {
                        if (shuffle) {                           // each row once: weighted sums are the same
                            found += (i + 1) * row.get(i);
                            expected += (i + 1) * values.applyAsDouble(r * n + i);
                        } else {
                            assertEquals(values.applyAsDouble(r * n + i), row.get(i), "row " + r + ", element " + i);
                        }
                    }
                }
                assertEquals(expected, found, 1e-12 * Math.abs(expected));
            }
        }
    }

    private static Arguments refuses(String file, String message) {
        return Arguments.of(file, "data", message);
    }

    private static Arguments type(String file, String found) {
        return refuses(file, ": data set [data]: found elements of " + found);
    }

    private static String claims(long bytes, int at, int size) {
        return " claims " + bytes + " bytes at " + at + "; found a file of " + size + " bytes; it is damaged";
    }

    static Stream<Arguments> odd() {
        return Stream.of(
                type("compound", "CompoundDataType" + NUMBERS),
                type("complex", "CompoundDataType" + NUMBERS),
                type("text-variable", "VariableLength" + NUMBERS),
                type("text-fixed", "StringData" + NUMBERS),
                type("variable-length", "VariableLength" + NUMBERS),
                type("boolean", "EnumDataType" + NUMBERS),
                type("enumeration", "EnumDataType" + NUMBERS),
                type("array-type", "ArrayDataType" + NUMBERS),
                type("references", "Reference" + NUMBERS),
                type("long-double", "FloatingPoint in 16 bytes" + WIDTHS),
                type("twelve-bits", "FixedPoint in 4 bytes" + WIDTHS),
                refuses("opaque", OLD + "End of buffer reached before NULL" + DAMAGED),
                refuses("scale-offset", ": data set [data] cannot be read: A required filter is not available: "
                        + "name='scaleoffset' id=6"),
                refuses("external-storage", OLD + "Encountered External Data Files Message, this is not supported by "
                        + "jHDF"),
                refuses("virtual", NEW + "Virtual storage is not supported"),
                Arguments.of("links", "external", ": [external] is a link to nothing or into another file; expected: a "
                        + "data set of this file; list the other file instead"),
                Arguments.of("links", "dangling", ": [dangling] is a link to nothing or into another file; expected: a "
                        + "data set of this file; list the other file instead"),
                refuses("no-rows", "] hold no rows; expected: at least one"),
                refuses("no-extent", ": data set [data]: was created but never written; expected: data"),
                refuses("never-written", ": data set [data]: was created but never written; expected: data"),
                refuses("never-written-chunk", ": data set [data]: the chunk at [2, 0] was never written; expected: "
                        + "data"),
                refuses("only-a-group", " has no data set [data]; it has []"));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                refuses("bad-half", " is truncated: found 2236 bytes; expected: 4473"),
                refuses("bad-one-byte-less", " is truncated: found 2287 bytes; expected: 2288"),
                refuses("bad-head-only", " is truncated: found 8 bytes; expected: at least 48"),
                refuses("bad-empty", " is not an HDF5 file: it has 0 bytes and no HDF5 signature"),
                refuses("bad-signature", " is not an HDF5 file: it has 2288 bytes and no HDF5 signature"),
                refuses("bad-superblock-version", " cannot be read: Superblock version is not supported. Detected "
                        + "version = 77"),
                refuses("bad-gzip-chunk", ": data set [data]: the chunk at [16, 0] is damaged: it inflates to more "
                        + "than 384 bytes"),
                refuses("bad-lzf-chunk", ": data set [data]: the chunk at [16, 0] is damaged: LZF: Index -1058 out of "
                        + "bounds for length 384"),
                refuses("bad-checksum-of-chunk", ": data set [data]: the chunk at [4, 0] is damaged: it does not match "
                        + "its checksum"),
                refuses("bad-tree", OLD + "B tree V1 node signature not matched" + DAMAGED),
                refuses("bad-heap", OLD + "Heap signature not matched" + DAMAGED),
                refuses("bad-object-header", NEW + "Object header v2 signature not matched" + DAMAGED),
                refuses("bad-header-byte", NEW + "Unrecognized message type = 23" + DAMAGED),
                refuses("bad-negative-rows", OLD + "Could not convert to unsigned value: -5" + DAMAGED),
                refuses("bad-more-rows", ": data set [data]: the file is truncated: found 2288 bytes; expected: "
                        + "52776558135296 to hold [1099511627776, 3, 4] of float32"),
                refuses("bad-larger-rows", ": data set [data]: extents of [5, 1099511627776, 4]; expected: rows below "
                        + "2 GiB"),
                refuses("bad-more-chunks", ": data set [data]: claims [1073741824, 6] of float32; found a file of 4473 "
                        + "bytes, which cannot hold as many"),
                refuses("bad-chunk-extent", ": data set [data]: chunks of [1073741824, 6]; found a file of 4473 bytes, "
                        + "which cannot hold one"),
                refuses("bad-chunk-of-nothing", ": data set [data]: chunks of [0, 6] for [40, 6]; expected: as many "
                        + "extents, each at least 1"),
                refuses("bad-heap-size", claims(1L << 40, 712, 2288)),
                refuses("bad-heap-size-below-2-gib", claims(Integer.MAX_VALUE, 712, 2288)),
                refuses("bad-header-size", claims(Integer.MAX_VALUE, 816, 2288)),
                refuses("bad-stored-size", claims(Integer.MAX_VALUE, 4211, 4473)),
                refuses("bad-chunk-bomb", ": data set [data]: the chunk at [16, 0] is damaged: it inflates to more "
                        + "than 384 bytes"),
                refuses("bad-chunk-cut-off", ": data set [data]: the chunk at [16, 0] is damaged: it ends early"),
                refuses("bad-chunk-of-other-bits", ": data set [data]: the chunk at [16, 0] is damaged: incorrect data "
                        + "check"),
                refuses("bad-chunk-too-short", ": data set [data]: the chunk at [16, 0] holds 100 bytes; expected: "
                        + "384"),
                refuses("bad-nan", ": data set [data], row 3: found NaN; expected: finite numbers"),
                refuses("bad-infinity", ": data set [data], row 3: found -Infinity; expected: finite numbers"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource({"odd", "bad"})
    void refused(String file, String dataset, String message) throws Exception {
        Path path = path(file);
        DataException e = assertTimeoutPreemptively(MOST, () -> assertThrows(DataException.class, () -> {
            try (DataStream s = open(path, dataset, false)) {
                HostTensor row = HostTensor.allocate(s.specs().get(0));
                for (long r = 0; r < s.size().getAsLong(); r++) {
                    s.next(List.of(row));
                }
            }
        }));
        assertEquals((message.startsWith("]") ? "[" : "") + path + message, e.getMessage());
    }

    private static Path path(String file) throws URISyntaxException {
        return Path.of(H5pyVariantsTest.class.getResource("variants/" + file + ".h5").toURI());
    }

    private static DataStream open(Path file, String dataset, boolean shuffle) {
        return new HDF5Data(file.toString(), 1, List.of(dataset), shuffle, null)
                .open(new Source.Context("data", file.getParent(), DataType.FLOAT64, Phase.TRAIN, 1, 1));
    }
}
