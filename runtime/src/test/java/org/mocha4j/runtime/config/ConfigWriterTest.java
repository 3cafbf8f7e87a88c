package org.mocha4j.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.runtime.config.Samples.lines;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.runtime.config.Samples.Convolution;
import org.mocha4j.runtime.config.Samples.Everything;
import org.mocha4j.runtime.config.Samples.Inv;
import org.mocha4j.runtime.config.Samples.Kind;
import org.mocha4j.runtime.config.Samples.ReLU;
import org.mocha4j.runtime.config.Samples.Root;
import org.mocha4j.runtime.config.Samples.SGD;

class ConfigWriterTest {
    private static final ConfigWriter WRITER = new ConfigWriter(Samples.catalog());

    private static Everything everything(String text, Array array, Policy rate) {
        Map<String, Double> map = new LinkedHashMap<>();
        map.put("a b", Double.NaN);
        map.put("c", Double.NEGATIVE_INFINITY);
        return new Everything(Long.MAX_VALUE, 1e-300, 0.1f, true, text, Path.of("a/b"), Kind.WITHIN_CHANNEL,
                List.of(1, 2), map, new Size(1, 2), Shape.of(3, 4), array, List.of(new ReLU(0.5)), rate, Window.of(5),
                new Samples.Null());
    }

    private static Root root(Everything e) {
        Layer layer = e == null ? new Samples.Clash(null) : e;
        return new Root("net", List.of(
                new NodeConfig("a", layer, List.of("x"), List.of(), new ReLU(null), Phase.TEST, "k"),
                new NodeConfig("b", new Convolution(3, Window.of(3, 2), null), null, null, null, null, null)),
                new Samples.Solver(new SGD(Policy.of(0.9)), 10, new Inv(0.1, null)), DataType.FLOAT32);
    }

    @Test
    void whatIsWrittenBindsToAnEqualRecord() {
        for (String text : List.of("plain", "", "12", "true", "null", "a: b",
                "\"q\"\\\n\té€", "- x", "#", "2024-01-01")) {
            Root r = root(everything(text, Array.of(Shape.of(2, 2), 1.0, 0.1, -3.0, 1e300), new Inv(1, 2.0)));
            String yaml = WRITER.yaml(r);
            assertEquals(r, Samples.bind(Root.class, yaml).get(), yaml);
        }
    }

    @Test
    void theTextIsCompact() {
        assertEquals(lines("name: net", "layers:",
                "  - {name: b, type: Convolution, filters: 3, kernel: {w: 3, h: 3}, stride: {w: 2, h: 2},"
                        + " pad: {w: 0, h: 0}, dilation: {w: 1, h: 1}, groups: 1}",
                "solver: {type: SGD, momentum: 0.9, iterations: 10, rate: {type: Inv, base: 0.1}}",
                "type: float32", ""),
                WRITER.yaml(new Root("net", root(null).layers().subList(1, 2), root(null).solver(), DataType.FLOAT32)));
    }

    @Test
    void aLargeArrayIsWrittenByItsDigest() {
        Array a = Array.iota(DataType.FLOAT32, 100);
        String yaml = WRITER.yaml(everything("x", a, null));
        assertTrue(yaml.contains("array: {type: float32, shape: [100], sha256: "), yaml);
        assertEquals(yaml, WRITER.yaml(everything("x", a.reshape(Shape.of(100)), null)));
        assertNotEquals(yaml, WRITER.yaml(everything("x", Array.filled(Spec.of(DataType.FLOAT32, 100), 1), null)));
    }

    @Test
    void whatNoPluginHasIsWrittenByItsClass() {
        Policy lambda = i -> 1;
        String yaml = WRITER.yaml(everything("x", null, lambda));
        assertTrue(yaml.contains("rate: \"" + ConfigWriterTest.class.getName() + "$$Lambda\""), yaml);
    }
}
