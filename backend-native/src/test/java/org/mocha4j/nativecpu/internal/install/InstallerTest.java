package org.mocha4j.nativecpu.internal.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DeviceException;

/** Unpacking on file systems that are as they should be, and on those that are not. */
class InstallerTest {
    private static final String REMEDY = "; name a folder that can be written to with -Dmocha.native.folder=FOLDER";
    @TempDir
    Path temp;
    private Path folder;
    private final FakeBundle fake = new FakeBundle();

    @BeforeEach
    void realPath() throws IOException {
        temp = temp.toRealPath();
        folder = temp.resolve("native");
    }

    private Path install(Machine m) {
        try (Installer i = new Installer(fake.bundle(), m)) {
            return i.install(FakeBundle.OWN, true);
        }
    }

    private String refusal(Machine m) {
        return assertThrows(DeviceException.class, () -> install(m)).getMessage();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static String permissions(Path p) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(p));
    }

    private Path installed() {
        return folder.resolve("linux-x86_64-" + fake.bundle().key());
    }

    @Test
    void filesLieInAFolderNamedAfterThemThatNobodyElseCanReadOrWrite() throws IOException {
        Path own = install(FakeBundle.configured(folder));
        assertEquals(installed().resolve("libmocha4j-v3-" + FakeBundle.sha256("own").substring(0, 16) + ".so"), own);
        assertEquals("own", Files.readString(own));
        assertEquals("needed", Files.readString(installed().resolve(FakeBundle.NEEDED)));
        assertEquals(List.of(FakeBundle.NEEDED, own.getFileName().toString()).stream().sorted().toList(),
                names(installed()));
        assertEquals("rwx------", permissions(folder));
        assertEquals("rwx------", permissions(installed()));
        assertEquals("rw-------", permissions(own));
    }

    @Test
    void whatNeedsNothingComesAlone() throws IOException {
        try (Installer i = new Installer(fake.bundle(), FakeBundle.configured(folder))) {
            i.install(FakeBundle.OWN, false);
        }
        assertEquals(1, names(installed()).size());
    }

    @Test
    void filesThatAreThereAreUsedAgain() throws IOException {
        install(FakeBundle.configured(folder));
        fake.opened.clear();
        install(FakeBundle.configured(folder));
        assertEquals(List.of("files.txt"), fake.opened);
    }

    @Test
    void aNewLibraryLiesBesideTheOldOneAndANewDependencyElsewhere() throws IOException {
        Path first = install(FakeBundle.configured(folder));
        fake.put(FakeBundle.OWN, "newer");
        Path second = install(FakeBundle.configured(folder));
        assertEquals(first.getParent(), second.getParent());
        assertEquals("own", Files.readString(first));
        assertEquals("newer", Files.readString(second));
        fake.put(FakeBundle.NEEDED, "an update");
        assertNotEquals(first.getParent(), install(FakeBundle.configured(folder)).getParent());
    }

    @Test
    void aFileThatWasChangedIsUnpackedAgain() throws IOException {
        install(FakeBundle.configured(folder));
        Path needed = installed().resolve(FakeBundle.NEEDED);
        for (String damage : List.of("nee", "meeded", "")) {
            Files.writeString(needed, damage);
            install(FakeBundle.configured(folder));
            assertEquals("needed", Files.readString(needed));
        }
    }

    @Test
    void ownLibrariesAreComparedWithTheirDigestAlways() throws IOException {
        Path own = install(FakeBundle.configured(folder));
        FileTime time = Files.getLastModifiedTime(own);
        Files.writeString(own, "OWN");
        Files.setLastModifiedTime(own, time);
        install(FakeBundle.configured(folder));
        assertEquals("own", Files.readString(own));
    }

    @Test
    void aLinkInThePlaceOfAFileIsReplacedAndNotFollowed() throws IOException {
        Path elsewhere = Files.writeString(temp.resolve("elsewhere"), "needed");
        install(FakeBundle.configured(folder));
        Path needed = installed().resolve(FakeBundle.NEEDED);
        Files.delete(needed);
        Files.createSymbolicLink(needed, elsewhere);
        install(FakeBundle.configured(folder));
        assertFalse(Files.isSymbolicLink(needed));
    }

    @Test
    void aFolderThatOthersCanWriteToIsRefused() throws IOException {
        install(FakeBundle.configured(folder));
        for (Path p : List.of(folder, installed(), installed().resolve(FakeBundle.NEEDED))) {
            String before = permissions(p);
            for (String open : List.of("rwx-w----", "rwx----w-")) {
                Files.setPosixFilePermissions(p, PosixFilePermissions.fromString(open));
                assertEquals("native: libraries are not taken from " + p + ": others can write to it (" + open
                        + "); remove it, or name a folder of your own with -Dmocha.native.folder=FOLDER",
                        refusal(FakeBundle.configured(folder)));
            }
            Files.setPosixFilePermissions(p, PosixFilePermissions.fromString(before));
        }
    }

    @Test
    void aFolderThatAnotherUserPreparedIsRefused() throws IOException {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        String me = FakeBundle.user();
        String owner = me.equals("root") ? "nobody" : me;
        String runner = me.equals("root") ? me : "somebody";
        Files.setOwner(folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
        Machine m = new Machine(FakeBundle.PLATFORM, null, folder, temp, runner, Files::newOutputStream);
        assertEquals("native: libraries are not taken from " + folder + ": it belongs to " + owner
                + ", and this process runs as "
                + runner + "; remove it, or name a folder of your own with -Dmocha.native.folder=FOLDER", refusal(m));
    }

    @Test
    void whereTheDefaultCannotBeWrittenToAProcessHasAFolderOfItsOwnWhileItLoads() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        Path temporary = Files.createDirectory(temp.resolve("temporary"));
        for (Path cache : new Path[] {null, file, file.resolve("native")}) {
            try (Installer i = new Installer(fake.bundle(), FakeBundle.byDefault(cache, temporary,
                    Files::newOutputStream))) {
                Path own = i.install(FakeBundle.OWN, true);
                assertTrue(own.startsWith(temporary), own.toString());
                assertEquals("rwx------", permissions(temporary.resolve(names(temporary).get(0))));
                assertEquals(own, i.install(FakeBundle.OWN, true), "the same for the next library");
            }
            assertEquals(List.of(), names(temporary), "nothing is left");
        }
    }

    @Test
    void aFullDisk() throws IOException {
        Path temporary = Files.createDirectory(temp.resolve("temporary"));
        Machine full = FakeBundle.byDefault(folder, temporary, f -> FakeBundle.full(f, folder, temporary));
        assertEquals("native: the libraries (1 MB, linux-x86_64) cannot be written to " + folder
                + ": No space left on device; and "
                + temporary + ": No space left on device" + REMEDY, refusal(full));
        assertEquals(List.of(), names(installed()), "no half a file is left");
        assertEquals(List.of(), names(temporary));
        Machine half = FakeBundle.byDefault(folder, temporary, f -> FakeBundle.full(f, folder));
        assertTrue(install(half).startsWith(temporary));
    }

    @Test
    void aFolderThatTheUserNamesIsTakenOrRefusedAndNeverReplaced() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertEquals("native: the libraries (1 MB, linux-x86_64) cannot be written to " + file + ": " + file
                + " is not a folder" + REMEDY,
                refusal(FakeBundle.configured(file)));
        Path below = file.resolve("native");
        assertEquals("native: the libraries (1 MB, linux-x86_64) cannot be written to " + below + ": " + file
                + " is not a folder" + REMEDY,
                refusal(FakeBundle.configured(below)));
    }

    @Test
    void noHomeAndNoTemporaryFolder() throws IOException {
        Path none = temp.resolve("none");
        assertEquals("native: the libraries (1 MB, linux-x86_64) cannot be written to the cache: there is no home"
                + " directory; and " + none
                + ": there is no such folder, and it cannot be made" + REMEDY,
                refusal(FakeBundle.byDefault(null, none, Files::newOutputStream)));
    }

    @Test
    void aLibraryThatIsNotWhatTheListSays() throws IOException {
        Bundled b = fake.bundle();
        fake.files.put(FakeBundle.NEEDED, "other");
        try (Installer i = new Installer(b, FakeBundle.configured(folder))) {
            String damaged = "native: libneeded.so.1 in the bundle is damaged: it is not what the bundle's list"
                    + " says; install mocha4j-nativecpu again";
            assertEquals(damaged, assertThrows(DeviceException.class, () -> i.install(FakeBundle.OWN,
                    true)).getMessage());
            fake.asTheyAre = true;
            assertEquals(damaged, assertThrows(DeviceException.class, () -> i.install(FakeBundle.OWN,
                    true)).getMessage());
            fake.files.remove(FakeBundle.NEEDED);
            assertEquals(damaged, assertThrows(DeviceException.class, () -> i.install(FakeBundle.OWN,
                    true)).getMessage());
        }
        assertEquals(List.of(), names(folder.resolve("linux-x86_64-" + b.key())));
    }

    @Test
    void leftOversOfKilledProcessesGoAfterAnHour() throws IOException {
        install(FakeBundle.configured(folder));
        Path old = Files.createFile(installed().resolve("a.part"));
        Path young = Files.createFile(installed().resolve("b.part"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        Files.setLastModifiedTime(young, FileTime.from(Instant.now().minus(Duration.ofMinutes(59))));
        fake.put(FakeBundle.OWN, "newer");
        install(FakeBundle.configured(folder));
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
    }

    @Test
    void manyAtOnce() throws Exception {
        fake.put(FakeBundle.NEEDED, "x".repeat(1_000_000));
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(pool.submit(() -> install(FakeBundle.configured(folder))));
            }
            for (Future<Path> f : all) {
                assertEquals("own", Files.readString(f.get()));
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(2, names(installed()).size(), names(installed()).toString());
        assertEquals(1_000_000, Files.size(installed().resolve(FakeBundle.NEEDED)));
    }
}
