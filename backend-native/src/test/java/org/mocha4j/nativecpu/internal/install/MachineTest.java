package org.mocha4j.nativecpu.internal.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    Path home;

    @Test
    void platformsByTheNamesThatJavaGivesThem() {
        assertEquals("linux-x86_64", Machine.platform("Linux", "amd64"));
        assertEquals("linux-arm64", Machine.platform("Linux", "aarch64"));
        assertEquals("windows-x86_64", Machine.platform("Windows Server 2022", "amd64"));
        assertEquals("macosx-arm64", Machine.platform("Mac OS X", "aarch64"));
        assertEquals("freebsd-riscv64", Machine.platform("FreeBSD", "riscv64"));
    }

    @Test
    void theCacheIsWhereTheDesktopsRulesSay() {
        assertEquals(home.resolve(".cache/mocha4j/native"), Machine.cache(home.toString(), null));
        assertEquals(Path.of("/var/c/mocha4j/native"), Machine.cache(home.toString(), "/var/c"));
        assertEquals(home.resolve(".cache/mocha4j/native"), Machine.cache(home.toString(), "relative"));
        assertEquals(home.resolve(".cache/mocha4j/native"), Machine.cache(home.toString(), ""));
    }

    @Test
    void whoHasNoHomeHasNoCache() {
        assertNull(Machine.cache("?", null));
        assertNull(Machine.cache(null, null));
        assertNull(Machine.cache(home.resolve("none").toString(), null));
    }

    @Test
    void thisMachine() throws Exception {
        Map<String, String> given = Map.of("os.name", "Linux", "os.arch", "amd64", "user.home", home.toString(),
                "java.io.tmpdir", "/tmp", "user.name", "?", Machine.FOLDER, "/opt/native");
        Machine m = Machine.current(given::get, Map.of("XDG_CACHE_HOME", "/var/c"));
        assertEquals("linux-x86_64", m.platform());
        assertEquals(Path.of("/opt/native"), m.configured());
        assertEquals(Path.of("/var/c/mocha4j/native"), m.cache());
        assertEquals(Path.of("/tmp"), m.temporary());
        if (Files.exists(Path.of("/proc/self"))) {
            assertEquals(Files.getOwner(home).getName(), m.user(), "not the name that Java does not know");
        }
    }
}
