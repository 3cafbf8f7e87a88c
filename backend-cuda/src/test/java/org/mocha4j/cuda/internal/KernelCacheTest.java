package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DataType;

class KernelCacheTest {
    private static final Source MOVES = Source.file("moves", DataType.FLOAT32);

    @TempDir
    Path folder;

    private List<String> compiled(CodeFolder f, Source... sources) {
        RecordingDriver d = new RecordingDriver(1 << 20);
        d.attach();
        KernelCache k = new KernelCache(d, f);
        for (Source s : sources) {
            assertEquals(k.function(s, "fill"), k.function(s, "fill"));
            assertNotEquals(k.function(s, "fill"), k.function(s, "copy_box"));
        }
        k.close();
        List<String> c = d.take("compile");
        d.close();
        return c;
    }

    @Test
    void aKernelIsCompiledOnceForAllRuns() {
        CodeFolder f = CodeFolder.at(folder.resolve("cuda"));
        assertEquals(List.of("compile moves.cu [REAL=float]"), compiled(f, MOVES, Source.file("moves", DataType.FLOAT32)));
        assertEquals(List.of(), compiled(f, MOVES));
        assertEquals(List.of("compile moves.cu [REAL=double]"), compiled(f, Source.file("moves", DataType.FLOAT64)));
        assertEquals(List.of("compile moves.cu [REAL=float]"),
                compiled(f, new Source("moves.cu", MOVES.text() + "// changed\n", DataType.FLOAT32)));
    }

    @Test
    void aFolderThatOthersCanWriteToIsNotUsed() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "no POSIX permissions here");
        CodeFolder.at(folder.resolve("cuda")).write("code", new byte[] {1});
        assertArrayEquals(new byte[] {1}, CodeFolder.at(folder.resolve("cuda")).read("code"));
        Files.setPosixFilePermissions(folder.resolve("cuda"), PosixFilePermissions.fromString("rwxrwxr-x"));
        assertNull(CodeFolder.at(folder.resolve("cuda")).read("code"));
    }

    @Test
    void withoutAFolderKernelsAreCompiledEachTime() throws IOException {
        Files.writeString(folder.resolve("file"), "in the way");
        CodeFolder f = CodeFolder.at(folder.resolve("file"));
        assertEquals(1, compiled(f, MOVES).size());
        assertEquals(1, compiled(f, MOVES).size());
        assertNull(CodeFolder.ofUser("relative", null).read("code"));
    }

    @Test
    void theFolderIsInTheUsersCache() {
        CodeFolder.ofUser("/none", folder.toString()).write("code", new byte[] {2});
        assertEquals(true, Files.exists(folder.resolve("mocha4j/cuda/code")));
        CodeFolder.ofUser(folder.toString(), "relative").write("code", new byte[] {2});
        assertEquals(true, Files.exists(folder.resolve(".cache/mocha4j/cuda/code")));
    }
}
