package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Op;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.testkit.OpCases;

/** No core op is forgotten. */
class EveryOpTest {
    /** Tested by name elsewhere: {@link SpecialOpsTest}, and Commit by every training test. */
    private static final Set<String> ELSEWHERE = Set.of("Cast", "Check", "Commit", "Random");

    @Test
    void everyOpHasACase() throws Exception {
        Set<String> ops = new TreeSet<>();
        URI code = Affine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        if (Files.isDirectory(Path.of(code))) {
            collect(Path.of(code), ops);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + code), Map.of())) {
                collect(jar.getPath("/"), ops);
            }
        }
        assertTrue(ops.size() > 40, ops::toString);
        Set<String> tested = OpCases.all().stream().map(c -> c.op().getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        tested.addAll(ELSEWHERE);
        assertEquals(ops, tested);
    }

    private static void collect(Path root, Set<String> into) throws Exception {
        try (Stream<Path> files = Files.list(root.resolve("org/mocha4j/api/ops"))) {
            for (Path p : files.toList()) {
                String name = p.getFileName().toString().replace(".class", "");
                Class<?> c = name.contains("-") ? Object.class : Class.forName("org.mocha4j.api.ops." + name);
                if (Op.class.isAssignableFrom(c) && c.isRecord()) {
                    into.add(name);
                }
            }
        }
    }
}
