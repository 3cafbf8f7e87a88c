package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that a user puts into a folder of plug-ins, whatever their kind, and what is said of those that do not work. */
class PluginFolderIT {
    @TempDir Path temp;
    private Path folder;

    @BeforeEach void makeFolder() throws Exception {
        folder = Files.createDirectory(temp.resolve("plug ins"));
    }

    @Test void anOsgiBundle() throws Exception {
        ThirdParty.bundle(folder.resolve("acme.jar"), "1.2.3");
        assertListed("acme                         1.2.3            Parts by Acme");
    }

    @Test void aPlainJarWithAServiceFile() throws Exception {
        ThirdParty.plain(folder.resolve("acme-parts-4.5.jar"), "");
        assertListed("acme.parts                   4.5.0            Parts by Acme");
    }

    @Test void aModularJarWithoutAServiceFile() throws Exception {
        ThirdParty.modular(folder.resolve("some.jar"));
        assertListed("acme                         0.0.0            Parts by Acme");
    }

    @Test void theFolderOfTheDistributionAndTheVariable() throws Exception {
        Path home = Copy.of(Distribution.HOME, temp.resolve("a copy"));
        ThirdParty.bundle(home.resolve("plugins/acme.jar"), "1.0.0");
        ThirdParty.plain(folder.resolve("other.jar"), "");
        MochaRun run = MochaRun.of(home, Map.of("MOCHA_PLUGINS", folder.toString()), "plugins");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("acme                         1.0.0            Parts by Acme"), run.out());
        assertTrue(run.out().contains("other                        0.0.0            Parts by Acme"), run.out());
    }

    @Test void aPluginThatThrowsIsShownWithItsCause() throws Exception {
        ThirdParty.plain(folder.resolve("acme.jar"), "if (true) throw new IllegalStateException(\"no licence\");");
        assertFailed("acme                         0.0.0            broken: java.lang.IllegalStateException: no "
            + "licence");
    }

    @Test void aFileThatIsNoJarIsShownWithItsCause() throws Exception {
        Path file = Files.writeString(folder.resolve("text.jar"), "not a jar");
        assertFailed(file + ": not installed: java.util.zip.ZipException: ");
    }

    @Test void aBundleThatDoesNotResolveIsShownWithWhatItMisses() throws Exception {
        var manifest = new java.util.jar.Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "needy");
        manifest.getMainAttributes().putValue("Import-Package",
            "does.not.exist,org.mocha4j.api,not.needed;resolution:=optional");
        Path jar = ThirdParty.jar(folder.resolve("needy.jar"), manifest,
            Map.of("needy/A.java", "package needy; class A { }"),
            Map.of());
        assertFailed(jar + ": not installed: org.osgi.framework.BundleException: needy 0.0.0 needs packages that are "
            + "not there:"
            + " does.not.exist, which nothing exports. Take the version of it that was made for this Mocha4J, or add "
                + "what it needs");
    }

    @Test void bundlesAndPlainJarsSeeTheVectorApiWhereItIs() throws Exception {
        String source = ThirdParty.plugin("").replace("\"Parts by Acme\"", "vectors()").replaceFirst("\\}\\s*$", """
                static String vectors() {
                    try {
                        return Class.forName("jdk.incubator.vector.FloatVector").getModule().getName();
                    } catch (ClassNotFoundException e) {
                        return "no vectors";
                    }
                }
            }
            """);
        ThirdParty.bundle(folder.resolve("a.jar"), "1.0.0", Map.of("acme/AcmePlugin.java", source));
        ThirdParty.jar(folder.resolve("plain.jar"), null, Map.of("acme/AcmePlugin.java", source),
            Map.of("META-INF/services/org.mocha4j.api.Plugin", "acme.AcmePlugin"));
        MochaRun with = MochaRun.of(Distribution.HOME, Map.of("MOCHA_OPTS", "--add-modules jdk.incubator.vector"),
            "plugins", "--plugins", folder.toString());
        assertEquals(2, with.out().lines().filter(line -> line.endsWith(" jdk.incubator.vector")).count(), with.out());
        MochaRun without = MochaRun.of("plugins", "--plugins", folder.toString());
        assertEquals(2, without.out().lines().filter(line -> line.endsWith(" no vectors")).count(), without.out());
    }

    @Test void aFolderThatIsNotThere() throws Exception {
        MochaRun run = MochaRun.of("plugins", "--plugins", temp.resolve("nowhere").toString());
        assertEquals(1, run.code());
        assertEquals("mocha: folder of jars " + temp.resolve("nowhere")
            + " cannot be read (NoSuchFileException); give an existing folder", run.err().strip());
    }

    @Test void versionIsAnsweredAtOnce() throws Exception {
        MochaRun.of("--version");
        long start = System.nanoTime();
        MochaRun run = MochaRun.of("--version");
        double seconds = (System.nanoTime() - start) * 1e-9;
        assertEquals(List.of(0, ""), List.of(run.code(), run.err()));
        assertTrue(run.out().matches("mocha \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java [0-9.]+\\)\\R"), run.out());
        assertTrue(seconds < 1.5, "took " + seconds + " s");     // half a second on a quiet machine
    }

    @Test void nothingIsLeftInTheTemporaryFolder() throws Exception {
        ThirdParty.plain(folder.resolve("acme.jar"), "");
        Path scratch = Files.createDirectory(temp.resolve("scratch"));
        MochaRun run = MochaRun.of(Distribution.HOME, Map.of("MOCHA_OPTS", "-Djava.io.tmpdir=" + scratch),
            "plugins", "--plugins=" + folder);
        assertEquals(0, run.code(), run.err());
        try (var left = Files.list(scratch)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private void assertListed(String line) throws Exception {
        MochaRun run = MochaRun.of("plugins", "--plugins", folder.toString());
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().lines().anyMatch(line::equals), run.out());
        assertFalse(run.err().contains("WARNING"), run.err());
    }

    private void assertFailed(String start) throws Exception {
        MochaRun run = MochaRun.of("plugins", "--plugins", folder.toString());
        assertEquals(1, run.code(), run.out() + run.err());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith(start)), run.out());
    }
}
