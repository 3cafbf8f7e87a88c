package org.mocha4j.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** Compiles the examples in Java. What they may use without an import: {@link #IMPORTS}. */
final class JavaExamples {
    /** What fragments of Java in the documentation take for granted. */
    static final String IMPORTS = """
        import static org.mocha4j.runtime.train.BreakConfig.*;
        import java.nio.file.*;
        import java.util.*;
        import org.mocha4j.api.*;
        import org.mocha4j.api.backend.DeviceOptions;
        import org.mocha4j.hdf5.*;
        import org.mocha4j.initializers.*;
        import org.mocha4j.layers.*;
        import org.mocha4j.neurons.*;
        import org.mocha4j.regularizers.*;
        import org.mocha4j.runtime.*;
        import org.mocha4j.runtime.config.*;
        import org.mocha4j.runtime.train.*;
        import org.mocha4j.solvers.*;
        import org.mocha4j.transformers.*;
        """;

    private JavaExamples() {
    }

    /** What the examples of types make. */
    static Map<TypePage, Object> run(List<TypePage> pages, Path temp) throws Exception {
        Map<String, String> sources = new LinkedHashMap<>();
        for (int i = 0; i < pages.size(); i++) {
            sources.put("Example" + i, "import " + pages.get(i).entry.type().getCanonicalName() + ";\n" + IMPORTS
                + "public class Example" + i + " {\n  public static Object make() {\n    return "
                + pages.get(i).doc.tags().get("java") + ";\n  }\n}\n");
        }
        Path classes = compile(sources, temp);
        Map<TypePage, Object> made = new LinkedHashMap<>();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()},
                JavaExamples.class.getClassLoader())) {
            for (int i = 0; i < pages.size(); i++) {
                made.put(pages.get(i), loader.loadClass("Example" + i).getMethod("make").invoke(null));
            }
        }
        return made;
    }

    /** Compiles source files, by the names of their classes, against what the tests have. */
    static Path compile(Map<String, String> sources, Path temp) throws Exception {
        Path classes = Files.createDirectories(temp.resolve("classes"));
        List<String> args = new ArrayList<>(List.of("-d", classes.toString(), "--release", "17", "-proc:none",
            "-Xlint:-options", "--class-path", System.getProperty("java.class.path")));
        for (Map.Entry<String, String> s : sources.entrySet()) {
            Path file = temp.resolve("src").resolve(s.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            args.add(Files.writeString(file, s.getValue()).toString());
        }
        java.io.ByteArrayOutputStream messages = new java.io.ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, args.toArray(String[]::new));
        assertEquals(0, code, messages.toString(java.nio.charset.StandardCharsets.UTF_8));
        return classes;
    }
}
