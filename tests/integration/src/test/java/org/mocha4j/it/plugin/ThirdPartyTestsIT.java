package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.integration.Distribution;

/** The tests that a third party writes for its plug-in, a line for each of its parts, with the published test kit. */
class ThirdPartyTestsIT {
    private static final String TESTS = "com.acme.mocha.AcmeTest";
    @TempDir static Path temp;
    private static URLClassLoader loader;

    @BeforeAll static void compile() throws Exception {
        Path jar = new Acme(temp.resolve("acme")).plain(temp.resolve("acme.jar"));
        Path source = Distribution.ROOT.resolve("tests/integration/src/test/plugins/acme-tests")
            .resolve(TESTS.replace('.', '/') + ".java");
        Path classes = Files.createDirectories(temp.resolve("classes"));
        assertEquals(0, ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "--release", "17", "-proc:none", "-d",
            classes.toString(), "--class-path", jar + System.getProperty("path.separator")
            + System.getProperty("java.class.path"), source.toString()));
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL(), classes.toUri().toURL()},
            ThirdPartyTestsIT.class.getClassLoader());
    }

    @AfterAll static void close() throws Exception {
        loader.close();
    }

    @TestFactory Stream<DynamicNode> acme() throws Exception {
        Class<?> tests = loader.loadClass(TESTS);
        Object instance = tests.getConstructor().newInstance();
        return Arrays.stream(tests.getMethods()).filter(m -> m.isAnnotationPresent(TestFactory.class)).map(m -> {
            try {
                @SuppressWarnings("unchecked")
                Stream<DynamicNode> of = (Stream<DynamicNode>) m.invoke(instance);
                return DynamicContainer.dynamicContainer(m.getName(), of);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        });
    }
}
