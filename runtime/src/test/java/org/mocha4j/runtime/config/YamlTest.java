package org.mocha4j.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.runtime.config.Samples.lines;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;

class YamlTest {
    private static Tree parse(String... lines) {
        return Yaml.parse("net.yaml", lines(lines));
    }

    private static String error(String... lines) {
        return assertThrows(ConfigurationException.class, () -> parse(lines)).getMessage();
    }

    private static Tree at(Tree tree, Object... path) {
        Tree t = tree;
        for (Object p : path) {
            t = p instanceof Integer i ? ((Tree.Sequence) t).items().get(i) : ((Tree.Mapping) t).fields().get(p);
        }
        return t;
    }

    @Test
    void eachValueAndKeyKnowsItsPlace() {
        Tree t = parse("# a net", "name: x", "layers:", "  - kernel: [5, 3]", "  - {a: 1}");
        assertEquals(new Position("net.yaml", 2, 7), at(t, "name").at());
        assertEquals(new Position("net.yaml", 4, 5), at(t, "layers", 0).at());
        assertEquals(new Position("net.yaml", 4, 17), at(t, "layers", 0, "kernel", 1).at());
        assertEquals(new Position("net.yaml", 3, 1), ((Tree.Mapping) t).keys().get("layers"));
    }

    @Test
    void scalarsAreOfTheCoreSchema() {
        Tree t = parse("[1, -2.5e3, .inf, 0x1f, true, False, null, ~, yes, 1.2.3, \"1\", 'true', 2024-01-01]");
        assertEquals(List.of(Tree.Kind.NUMBER, Tree.Kind.NUMBER, Tree.Kind.NUMBER, Tree.Kind.NUMBER, Tree.Kind.BOOLEAN,
                Tree.Kind.BOOLEAN, Tree.Kind.NULL, Tree.Kind.NULL, Tree.Kind.TEXT, Tree.Kind.TEXT, Tree.Kind.QUOTED,
                Tree.Kind.QUOTED, Tree.Kind.TEXT),
                ((Tree.Sequence) t).items().stream().map(i -> ((Tree.Scalar) i).kind()).toList());
    }

    @Test
    void jsonIsRead(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("net.json"),
                "{\n\t\"name\": \"a\\u00e9\",\n\t\"n\": [1,2.5]\n}\n");
        Tree t = Yaml.read(file);
        assertEquals("aé", ((Tree.Scalar) at(t, "name")).text());
        assertEquals(3, at(t, "n", 1).at().line());
    }

    @Test
    void aliasesStandForWhatTheyName() {
        Tree t = parse("a: &x {k: 1}", "b: *x");
        assertEquals(at(t, "a"), at(t, "b"));
        assertEquals(1, at(t, "b", "k").at().line());
    }

    @Test
    void anAliasBombIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        assertEquals("net.yaml:18: its aliases stand for more than 1000000 values", error(bomb.toString()));
        assertEquals("net.yaml:1: an alias stands within what it stands for", error("a: &x [*x]"));
    }

    @Test
    void depthIsLimited() {
        assertEquals("net.yaml:1: nested more than 100 deep", error("[".repeat(100_000)));
        assertTrue(parse("[".repeat(100) + "]".repeat(100)) instanceof Tree.Sequence);
    }

    @Test
    void lengthIsLimited(@TempDir Path folder) throws Exception {
        assertEquals("net.yaml: has more than 16777216 characters", error("#".repeat((16 << 20) + 1)));
        Path large = folder.resolve("large.yaml");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 40);                            // with nothing in it
        }
        assertEquals(large + ": has 1099511627776 bytes; expected: at most 16777216 characters",
                assertThrows(ConfigurationException.class, () -> Yaml.read(large)).getMessage());
    }

    @Test
    void duplicateKeysAreRefused() {
        assertEquals("net.yaml:3: [name] stands twice in one map, first at net.yaml:1",
                error("name: a", "layers: []", "name: b"));
        assertEquals("net.yaml:1: a key is a map or a list; expected: a name", error("[a]: b"));
    }

    @Test
    void tagsAreRefused() {
        assertEquals("net.yaml:2: the tag [tag:yaml.org,2002:java.net.URL] is not allowed; write plain maps, lists,"
                + " texts and numbers", error("a: 1", "b: !!java.net.URL [x]"));
        assertEquals("net.yaml:1: the tag [!x] is not allowed; write plain maps, lists, texts and numbers",
                error("a: !x 1"));
        assertEquals("net.yaml:1: the tag [tag:yaml.org,2002:set] is not allowed; write plain maps, lists, texts and"
                + " numbers", error("a: !!set {b}"));
        assertEquals("net.yaml:1: the tag [tag:yaml.org,2002:int] is not allowed; write plain maps, lists, texts and"
                + " numbers", error("a: !!int \"1\""));
    }

    @Test
    void whatIsNotYamlIsReportedWithItsLine(@TempDir Path folder) throws Exception {
        assertEquals("net.yaml:3: not YAML: expected ',' or '}', but got : (while parsing a flow mapping)",
                error("a:", "  - {b: 1", "c: 2"));
        assertEquals("net.yaml:2: not YAML: found undefined alias x", error("a: 1", "b: *x"));
        Path missing = folder.resolve("none.yaml");
        assertEquals(missing + " does not exist",
                assertThrows(ConfigurationException.class, () -> Yaml.read(missing)).getMessage());
        Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0x89, 'H', 'D', 'F', (byte) 0xff});
        assertEquals(binary + " is not a text in UTF-8; expected: YAML or JSON",
                assertThrows(ConfigurationException.class, () -> Yaml.read(binary)).getMessage());
    }
}
