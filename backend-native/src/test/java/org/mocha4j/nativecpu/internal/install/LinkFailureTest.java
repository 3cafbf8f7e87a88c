package org.mocha4j.nativecpu.internal.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkFailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "libgomp.so.1: cannot open shared object file: No such file or directory| it needs libgomp.so.1, which is not"
            + " there; install the package that has it, or use the backend cpu",
        "libstdc++.so.6: cannot open shared object file: No such file or directory| it needs libstdc++.so.6, which is"
            + " not there; install it (Debian and Ubuntu: libstdc++6, Fedora: libstdc++, Alpine has none that fits),"
            + " or use the backend cpu",
        "libgcc_s.so.1: cannot open shared object file: No such file or directory| it needs libgcc_s.so.1, which is"
            + " not there; install it (Debian and Ubuntu: libgcc-s1, Fedora: libgcc, Alpine has none that fits), or"
            + " use the backend cpu",
        "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /c/f/libdnnl.so.3)"
            + "| it needs ld-linux-x86-64.so.2, which is not there; install the package that has it, or use the"
            + " backend cpu",
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /c/f/libdnnl.so.3)"
            + "| it needs the C library GLIBC 2.34 or newer, and this system has an older one; use a newer system,"
            + " build mocha4j-nativecpu on this one, or use the backend cpu",
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /c/f/libdnnl.so.3)"
            + "| it needs GLIBCXX_3.4.29 of libstdc++.so.6, and this system has an older one; install it (Debian"
            + " and Ubuntu: libstdc++6, Fedora: libstdc++, Alpine has none that fits), or use the backend cpu",
        "/c/f/libgomp.so.1: failed to map segment from shared object| its file system is mounted noexec; name a"
            + " folder elsewhere with -Dmocha.native.folder=FOLDER",
        "/c/f/libmocha4j-v3.so: undefined symbol: dnnl_new| nothing here has dnnl_new, since another version of a"
            + " library that it needs is in use in this process; start a new process without the other one",
        "/c/f/libdnnl.so.3: invalid ELF header| the file is damaged: invalid ELF header; remove its folder; it is"
        + " unpacked again",
        "something else| something else; use the backend cpu",
    })
    void whatTheSystemSaidBecomesOneMessage(String said, String expected) {
        assertEquals("native: libmocha4j-v3.so for linux-x86_64 cannot be loaded from /c/f: " + expected, LinkFailure
                .of(Path.of("/c/f/libmocha4j-v3.so"), "linux-x86_64", new UnsatisfiedLinkError(said)).getMessage());
    }
}
