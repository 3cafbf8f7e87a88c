package org.mocha4j.nativecpu.internal.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DeviceException;

class BundledTest {
    private static String refusal(String platform, Bundled.Resources resources) {
        return assertThrows(DeviceException.class, () -> Bundled.of(platform, resources)).getMessage();
    }

    @Test
    void aPlatformThatIsNotBuilt() {
        assertEquals("native: there are no libraries for linux-arm64, only for linux-x86_64; use the backend cpu",
                refusal("linux-arm64", name -> null));
    }

    @Test
    void aBundleWithoutLibraries() {
        assertEquals("native: this bundle was built without libraries, as is done where there is no C++ compiler;"
                + " install g++ and build it again, or use the backend cpu", refusal("linux-x86_64", name -> null));
    }

    @Test
    void aListThatCannotBeRead() {
        assertEquals("native: the list of libraries in the bundle cannot be read (found [a/b 1 2], expected a name,"
                + " a size and a SHA-256); install mocha4j-nativecpu again",
                refusal("linux-x86_64", name -> new ByteArrayInputStream("a/b 1 2".getBytes())));
        assertEquals("native: the list of libraries in the bundle cannot be read (zip closed); install"
                + " mocha4j-nativecpu again",
                refusal("linux-x86_64", name -> {
                    throw new IOException("zip closed");
                }));
    }

    @Test
    void aLibraryThatTheListDoesNotHave() {
        Bundled b = new FakeBundle().bundle();
        assertEquals("native: there is no libmocha4j-v9.so in the bundle; install mocha4j-nativecpu again",
                assertThrows(DeviceException.class, () -> b.find("libmocha4j-v9.so")).getMessage());
    }

    @Test
    void theKeyIsThatOfWhatOwnLibrariesNeed() {
        String key = new FakeBundle().bundle().key();
        assertEquals(32, key.length());
        assertEquals(key, new FakeBundle().put(FakeBundle.OWN, "new own").bundle().key());
        assertNotEquals(key, new FakeBundle().put(FakeBundle.NEEDED, "update").bundle().key());
    }
}
