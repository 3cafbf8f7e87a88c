package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * What is said of plug-ins that are missing, broken, there twice, or made for another API; and that nets without them
 * go on.
 */
@Timeout(120)
class PluginMessagesIT {
    private static final String CONSTRUCTOR = "    public AcmePlugin() { if (true) throw new "
        + "IllegalStateException(\"no licence\"); }\n";
    private static final List<String> WITHOUT_ACME = List.of("layers.gate1={name: gate1, type: Split, bottoms: "
        + "[conv1], tops: [gate1]}",
        "layers.conv2.neuron=ReLU", "layers.ip1.neuron=ReLU", "solver.iterations=1");
    @TempDir static Path temp;
    private static Path net;
    private static Place osgi;
    private static Place plain;
    private static String there;
    private final List<Bundle> installed = new ArrayList<>();
    private Path work;

    @BeforeAll static void prepare() throws Exception {
        net = Digits.in(temp.resolve("digits"));
        osgi = Place.felix(temp);
        plain = Place.classPath(temp);
        there = "Plug-ins: " + String.join(", ", osgi.plugins(osgi.plugins()).plugins());
    }

    @AfterAll static void end() throws Exception {
        osgi.close();
        plain.close();
    }

    @BeforeEach void makeFolder(TestInfo test) throws Exception {
        work = Files.createDirectory(temp.resolve(test.getTestMethod().orElseThrow().getName()));
    }

    @AfterEach void remove() throws Exception {
        for (Bundle b : installed) {
            b.uninstall();
        }
    }

    private Acme acme() throws Exception {
        return new Acme(work.resolve("sources"));
    }

    private void install(Path... jars) throws Exception {
        for (Path jar : jars) {
            Bundle b = osgi.felix().install(jar);
            installed.add(b);
            b.start();
        }
    }

    private static String failure(Place place, Object... request) {
        return assertThrows(RuntimeException.class, () -> place.train(net, request)).getMessage();
    }

    /** The same for the layer and both neurons of the net. */
    private static String everywhere(String layer, String neuron) {
        return net + ":6: " + layer + "\n" + net + ":8: " + neuron + "\n" + net + ":10: " + neuron;
    }

    private static String unknown(String rest) {
        return everywhere("unknown layer [acme.Gate]: " + rest, "unknown neuron [acme.Swish]: " + rest);
    }

    private static void assertOthersTrain(Place place, Object... request) {
        List<Object> all = new ArrayList<>(List.of(request));
        all.addAll(List.of("set", WITHOUT_ACME));
        assertEquals(1, place.train(net, all.toArray()).losses().length);
    }

    @Test void aMissingPlugin() {
        assertEquals(unknown("no plug-in with the prefix [acme] is there; install the one that has it. " + there),
            failure(osgi));
        String jars = "Plug-ins: " + String.join(", ", plain.plugins(plain.plugins()).plugins());
        assertTrue(jars.contains("mocha4j-layers.jar 0.1.0"), jars);
        assertEquals(unknown("no plug-in with the prefix [acme] is there; install the one that has it. " + jars),
            failure(plain));
    }

    @Test void aTypeThatThePluginDoesNotHave() throws Exception {
        install(acme().bundle(work.resolve("acme.jar"), "1.0.0"));
        String said = failure(osgi, "set", List.of("layers.gate1.type=acme.Gates"));
        assertTrue(said.startsWith("--set layers.gate1.type: unknown layer [acme.Gates]; did you mean acme.Gate? There "
            + "are: Accuracy, "), said);
        assertTrue(said.endsWith(", acme.Gate"), said);
    }

    @Test void aTypeInTwoPlugins() throws Exception {
        Path other = acme().edit("META-INF/MANIFEST.MF", m -> m.replace("com.acme.mocha", "com.other"))
            .bundle(work.resolve("other.jar"), "3.0.0");
        install(acme().bundle(work.resolve("acme.jar"), "1.0.0"), other);
        String twice = " is ambiguous: it is in com.acme.mocha 1.0.0 and in com.other 3.0.0; remove one of them";
        assertEquals(everywhere("layer [acme.Gate]" + twice, "neuron [acme.Swish]" + twice), failure(osgi));
        assertOthersTrain(osgi);
    }

    @Test void twoVersionsOfABundle() throws Exception {
        install(acme().bundle(work.resolve("acme1.jar"), "1.0.0"), acme().bundle(work.resolve("acme2.jar"), "2.0.0"));
        String twice = " is ambiguous: it is in com.acme.mocha 1.0.0 and in com.acme.mocha 2.0.0; remove one of them";
        assertEquals(everywhere("layer [acme.Gate]" + twice, "neuron [acme.Swish]" + twice), failure(osgi));
        installed.remove(0).uninstall();
        assertEquals(1, osgi.train(net, "set", List.of("solver.iterations=1")).losses().length);
    }

    @Test void aPluginThatThrowsInItsConstructor() throws Exception {
        Acme broken = acme().replace("AcmePlugin", "    @Override\n    public PluginInfo",
            CONSTRUCTOR + "    @Override\n    public PluginInfo");
        install(broken.bundle(work.resolve("acme.jar"), "1.0.0"));
        String cause = "(java.lang.IllegalStateException: no licence)";
        assertTrue(osgi.plugins(osgi.plugins()).plugins().contains("com.acme.mocha 1.0.0 " + cause));
        assertEquals(unknown("no plug-in with the prefix [acme] is there; install the one that has it. " + there
            + ". Broken plug-ins: com.acme.mocha 1.0.0 " + cause), failure(osgi));
        assertOthersTrain(osgi);
        assertEquals("acme.jar " + cause, first(broken.plain(work.resolve("jars/acme.jar")).getParent()));
        try (Place modules = Place.modulePath(temp, broken.modular(work.resolve("module.jar")))) {
            assertTrue(modules.plugins(modules.plugins()).plugins().contains("com.acme.mocha " + cause));
        }
        try (Place path = Place.classPath(temp, broken.plain(work.resolve("path.jar")))) {
            assertTrue(path.plugins(path.plugins()).plugins().contains("path.jar " + cause));
            assertOthersTrain(path);
        }
    }

    @Test void aPluginThatThrowsWhenItRegisters() throws Exception {
        install(acme().replace("AcmePlugin", "r.types(", "r.types(String.class); r.types(")
            .replace("AcmePlugin", "r.types(String.class)",
            "if (true) throw new IllegalStateException(\"no licence\")").bundle(work.resolve("acme.jar"), "1.0.0"));
        assertEquals(unknown("the plug-in with the prefix [acme] is broken: com.acme.mocha 1.0.0"
            + " (java.lang.IllegalStateException: no licence)"), failure(osgi));
        assertOthersTrain(osgi);
    }

    @Test void aPluginThatRegistersWhatIsNoPart() throws Exception {
        install(acme().replace("AcmePlugin", "Gate.class", "SwishOp.class").bundle(work.resolve("acme.jar"), "1.0.0"));
        assertEquals(unknown("the plug-in with the prefix [acme] is broken: com.acme.mocha 1.0.0"
            + " (org.mocha4j.api.ConfigurationException: com.acme.mocha registers com.acme.mocha.SwishOp, which has no "
                + "role; expected:"
            + " a record that implements an interface marked @Role)"), failure(osgi));
    }

    @Test void aServiceFileThatNamesAMissingClass() throws Exception {
        Acme broken = acme().edit("META-INF/services/org.mocha4j.api.Plugin", s -> "com.acme.mocha.Gone\n");
        install(broken.bundle(work.resolve("acme.jar"), "1.0.0"));
        String said = "declares the plug-in com.acme.mocha.Gone, but has no such class)";
        assertEquals(unknown("no plug-in with the prefix [acme] is there; install the one that has it. " + there
            + ". Broken plug-ins: com.acme.mocha 1.0.0 (org.mocha4j.api.ConfigurationException: com.acme.mocha "
            + said), failure(osgi));
        assertEquals("acme.jar (org.mocha4j.api.ConfigurationException: acme.jar " + said,
            first(broken.plain(work.resolve("jars/acme.jar")).getParent()));
        try (Place path = Place.classPath(temp, broken.plain(work.resolve("path.jar")))) {
            assertTrue(path.plugins(path.plugins()).plugins().contains("class loader java.net.URLClassLoader"
                + " (java.util.ServiceConfigurationError: org.mocha4j.api.Plugin: Provider com.acme.mocha.Gone not "
                    + "found)"));
            assertOthersTrain(path);
        }
    }

    @Test void aFileThatIsNoJar() throws Exception {
        Path jars = Files.writeString(Files.createDirectory(work.resolve("jars")).resolve("a.jar"), "not a jar")
            .getParent();
        acme().plain(jars.resolve("b.jar"));
        assertEquals(List.of("a.jar (java.util.zip.ZipException: zip END header not found)", "b.jar"),
            plain.plugins(jars).plugins());
        assertEquals(1, plain.train(net, "plugins", List.of(plain.plugins(), jars), "set",
            List.of("solver.iterations=1")).losses().length);
    }

    @Test void aBundleForAnotherVersionOfTheApi() throws Exception {
        for (String range : List.of("[0.2,0.3)", "[0.0.1,0.1)")) {
            Path jar = acme().edit("META-INF/MANIFEST.MF", m -> m.replace("[0.1,0.2)", range))
                .bundle(work.resolve("acme.jar"), "1.0.0");
            BundleException e = assertThrows(BundleException.class, () -> install(jar));
            assertTrue(e.getMessage().startsWith("Unable to resolve com.acme.mocha [") && e.getMessage().contains(
                "osgi.wiring.package=org.mocha4j.api"), e.getMessage());
            installed.remove(0).uninstall();
        }
    }

    /** A plain jar says nothing of versions: what the API lacks shows when it is used. */
    @Test void aJarForANewerApi() throws Exception {
        Path jar = newer(acme().replace("Gate", "shape(x.shape()", "Newer.hello();\n        shape(x.shape()"),
            "jars/acme.jar");
        assertEquals(net + ":6: layer [gate1] (Gate), inputs"
            + " [conv1: float32[20, 8, 24, 24]] failed: java.lang.NoClassDefFoundError: org/mocha4j/api/Newer; its "
                + "plug-in was made for"
            + " another version of Mocha4J", failure(plain, "plugins", List.of(plain.plugins(), jar.getParent())));
        Path early = newer(acme().replace("AcmePlugin", "r.types(", "Newer.hello(); r.types("), "early/acme.jar");
        assertEquals(unknown("the plug-in with the prefix [acme] is broken: acme.jar (java.lang.ClassNotFoundException:"
            + " org.mocha4j.api.Newer)"), failure(plain, "plugins", List.of(plain.plugins(), early.getParent())));
    }

    /** As if it had been compiled against an API that has a class more. */
    private Path newer(Acme acme, String jar) throws Exception {
        acme.add("org/mocha4j/api/Newer.java", "package org.mocha4j.api; public class Newer { public static void "
            + "hello() { } }");
        for (String type : List.of("Gate", "AcmePlugin")) {
            acme.edit("com/acme/mocha/" + type + ".java", s -> s.replace("import org.mocha4j.api.P",
                "import org.mocha4j.api.Newer;\nimport org.mocha4j.api.P"));
        }
        return acme.without("org/mocha4j/api/").plain(work.resolve(jar));
    }

    private String first(Path folder) {
        return plain.plugins(folder).plugins().get(0);
    }
}
