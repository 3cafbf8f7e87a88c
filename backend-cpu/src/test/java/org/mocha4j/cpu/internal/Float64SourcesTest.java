package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The translation that makes the kernels in float64 out of those in float32. */
class Float64SourcesTest {
    private static final Path PROGRAM = Path.of("..", "tooling", "Float64Sources.java");

    @TempDir
    private Path folder;

    /** The program's error output; empty if it ends well. */
    private String run(String name, String source) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("from"));
        Files.writeString(folder.resolve("from").resolve(name), source);
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                PROGRAM.toString(), folder.resolve("from").toString(), folder.resolve("to").toString())
                .redirectErrorStream(true).start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(text.isEmpty() ? 0 : 1, p.waitFor(), text);
        return text;
    }

    @Test
    void wordsLiteralsCommentsAndNamesAreTranslatedAndOldFilesGo() throws Exception {
        Files.createDirectories(folder.resolve("to"));
        Files.writeString(folder.resolve("to").resolve("Gone.java"), "class Gone { }");
        assertEquals("", run("FloatSum.java", """
                package a.float32;

                /** In float32, as {@link FloatSum}; no floating point. */
                final class FloatSum {
                    static final String NAME = "float32, \\"1f\\"";
                    double wide = 0x1p-24 + 0x1F + 1e-3f + 2f + Float.MAX_VALUE;
                    float[] b = buffer.floats();   // float
                }
                """));
        assertEquals("""
                // Translated from FloatSum.java by tooling/Float64Sources.java: edit that instead.
                package a.float64;

                /** In float64, as {@link DoubleSum}; no floating point. */
                @SuppressWarnings("cast")
                final class DoubleSum {
                    static final String NAME = "float64, \\"1f\\"";
                    double wide = 0x1p-24 + 0x1F + 1e-3 + 2.0 + Double.MAX_VALUE;
                    double[] b = buffer.doubles();   // double
                }
                """, Files.readString(folder.resolve("to").resolve("DoubleSum.java")));
        try (var files = Files.list(folder.resolve("to"))) {
            assertEquals(List.of("DoubleSum.java"), files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void whatCannotBeTranslatedStopsTheBuild() throws Exception {
        assertEquals("float64 sources: Bits.java: floatToRawIntBits has no translation to float64; write what uses it "
                + "for both types, as overloads" + System.lineSeparator(),
                run("Bits.java", "class Bits { int b = Float.floatToRawIntBits(1); }"));
        assertEquals("float64 sources: Bits.java: FLOAT64 means float64 already; write it where both types can share it"
                + System.lineSeparator(), run("Bits.java", "class Bits { Object t = DataType.FLOAT64; }"));
    }
}
