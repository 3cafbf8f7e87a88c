package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DeviceException;

/** JCuda's natives where they cannot be loaded; where they can: {@code CudaBundleIT}. */
class NativesTest {
    @TempDir Path temp;

    @Test
    void aBundleWithoutThemSaysSo() {
        List<String> asked = new ArrayList<>();
        assertEquals("this bundle was built without JCuda's libraries, as with -Dcuda.natives.skip=true; build it again"
                + " where Maven Central can be reached", new Natives(name -> {
                    asked.add(name);
                    return null;
                }, CodeFolder.none()).load());
        assertEquals(List.of("/META-INF/native/linux-x86_64/libJCudaDriver-12.6.0-linux-x86_64.so"), asked);
    }

    @Test
    void whatIsNoLibraryIsTriedTwiceAndThenSaid() throws IOException {
        CodeFolder folder = CodeFolder.at(temp.resolve("kept"));
        String said = new Natives(name -> new ByteArrayInputStream(new byte[] {1, 2, 3}), folder).load();
        assertTrue(said.matches("JCuda's library libJCudaDriver-12\\.6\\.0-linux-x86_64\\.so cannot be loaded"
                + " \\([^\n]*mocha4j[^\n]*\\); -Djava\\.io\\.tmpdir=FOLDER names a folder that can be written to and run code"
                + " from"), said);
        try (var files = Files.list(temp.resolve("kept"))) {
            assertEquals(List.of("libJCudaDriver-12.6.0-linux-x86_64-039058c6f2c0cb492c533b0a4d14ef77.so"),
                    files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void onlyItsOwnLibrariesAreGiven() {
        assertEquals("JCudaRuntime-12.6.0-linux-x86_64 is not in this bundle, which uses [JCudaDriver, JCudnn] only",
                assertThrows(UnsatisfiedLinkError.class, () -> Natives.require("JCudaRuntime-12.6.0-linux-x86_64"))
                        .getMessage());
    }

    @Test
    void aFileHasTheContentThatItsNameStandsFor() throws IOException {
        CodeFolder folder = CodeFolder.at(temp.resolve("kept"));
        Path file = folder.file("a.so", new byte[] {1, 2});
        assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(file));
        Files.write(file, new byte[] {9});
        assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(folder.file("a.so", new byte[] {1, 2})));
        Path elsewhere = Files.write(temp.resolve("elsewhere"), new byte[] {1, 2});
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        assertTrue(Files.isRegularFile(folder.file("a.so", new byte[] {1, 2}), java.nio.file.LinkOption.NOFOLLOW_LINKS));
        assertNull(CodeFolder.none().file("a.so", new byte[] {1, 2}));
    }

    @Test
    void probingSaysTheSameAsOpening() {
        CudaBackend noDriver = new CudaBackend(new Installed(() -> {
            throw new DeviceException("there is no driver; looked in /lib");
        }, () -> {
            throw new AssertionError("JCuda comes last");
        }), CodeFolder.none());
        assertEquals("Availability[usable=false, rank=30, detail=there is no driver; looked in /lib]",
                noDriver.probe().toString());
        CudaBackend noNatives = new CudaBackend(new Installed(() -> null, () -> "no natives"), CodeFolder.none());
        assertEquals("Availability[usable=false, rank=30, detail=no natives]", noNatives.probe().toString());
        assertEquals("no natives", assertThrows(DeviceException.class, () -> noNatives.open(
                org.mocha4j.api.backend.DeviceOptions.DEFAULT)).getMessage());
    }
}
