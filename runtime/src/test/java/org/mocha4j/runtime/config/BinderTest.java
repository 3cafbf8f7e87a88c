package org.mocha4j.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.runtime.config.Samples.bind;
import static org.mocha4j.runtime.config.Samples.layer;
import static org.mocha4j.runtime.config.Samples.lines;
import static org.mocha4j.runtime.config.Samples.wrong;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.runtime.config.Samples.Convolution;
import org.mocha4j.runtime.config.Samples.Everything;
import org.mocha4j.runtime.config.Samples.Inv;
import org.mocha4j.runtime.config.Samples.Kind;
import org.mocha4j.runtime.config.Samples.Pooling;
import org.mocha4j.runtime.config.Samples.ReLU;
import org.mocha4j.runtime.config.Samples.Root;
import org.mocha4j.runtime.config.Samples.SGD;

class BinderTest {
    private static Everything everything(String field) {
        return (Everything) layer("type: Everything, big: 1, real: 1, " + field);
    }

    private static String wrongField(String field) {
        return wrong("type: Everything, big: 1, real: 1, " + field);
    }

    @Test
    void aNetIsBoundAsTheTutorialWritesIt() {
        Root net = bind(Root.class, "name: LeNet", "layers:",
                "  - {name: conv1, type: Convolution, filters: 20, kernel: 5, bottoms: [data], tops: [conv1]}",
                "  - {name: pool1, type: Pooling, kernel: [3, 2], stride: 2, pooling: mean, global: false,"
                        + " bottoms: conv1, neuron: ReLU, phase: train, paramKey: k}",
                "solver: {type: SGD, iterations: 10, momentum: 0.9, rate: {type: Inv, base: 0.01}}",
                "type: float64").get();
        assertEquals("LeNet", net.name());
        assertEquals(new NodeConfig("conv1", new Convolution(20, Window.of(5), null), List.of("data"), List.of("conv1"),
                null, null, null), net.layers().get(0));
        assertEquals(new NodeConfig("pool1", new Pooling(new Window(new Size(3, 2), Size.of(2), null, null), Kind.MEAN,
                false), List.of("conv1"), null, new ReLU(null), Phase.TRAIN, "k"), net.layers().get(1));
        assertEquals(new Samples.Solver(new SGD(Policy.of(0.9)), 10, new Inv(0.01, null)), net.solver());
        assertSame(DataType.FLOAT64, net.type());
    }

    @Test
    void everyFormOfAScalarIsBound() {
        Everything e = (Everything) layer("type: Everything, big: 9007199254740993, real: 1e-3, small: .5, flag: true,"
                + " text: 12, path: a/b.txt, kind: within-channel");
        assertEquals(9007199254740993L, e.big());
        assertEquals(1e-3, e.real());
        assertEquals(0.5f, e.small());
        assertEquals(true, e.flag());
        assertEquals("12", e.text());
        assertEquals(Path.of("a/b.txt"), e.path());
        assertSame(Kind.WITHIN_CHANNEL, e.kind());
        assertEquals(Double.POSITIVE_INFINITY, ((Everything) layer("type: Everything, big: 0x10, real: .inf")).real());
        assertEquals(10000, ((Everything) layer("type: Everything, big: 1e4, real: .nan")).big());
    }

    @Test
    void whatIsAbsentOrNullIsNull() {
        Everything e = everything("flag: null, text: ~, size: null, numbers:, neurons: null, array: null");
        assertNull(e.flag());
        assertNull(e.text());
        assertNull(e.size());
        assertNull(e.numbers());
        assertNull(e.neurons());
        assertNull(e.array());
        assertNull(e.kind());
    }

    @Test
    void listsMapsAndShapes() {
        assertEquals(List.of(1, 2), everything("numbers: [1, 2]").numbers());
        assertEquals(List.of(1), everything("numbers: 1").numbers());
        assertEquals(Map.of("a", 1.0, "b", 2.0), everything("map: {a: 1, b: 2}").map());
        assertEquals(Shape.of(3, 4), everything("shape: [3, 4]").shape());
        assertEquals(List.of(new ReLU(0.0), new ReLU(0.5)),
                everything("neurons: [ReLU, {type: ReLU, epsilon: 0.5}]").neurons());
    }

    @Test
    void aRecordIsAScalarAListOrAMap() {
        assertEquals(new Size(5, 5), everything("size: 5").size());
        assertEquals(new Size(5, 3), everything("size: [5, 3]").size());
        assertEquals(new Size(5, 3), everything("size: {h: 3, w: 5}").size());
        assertEquals(Window.of(5), everything("window: 5").window());
        assertEquals(Window.of(5, 2), everything("window: [5, 2]").window());
    }

    @Test
    void aRoleIsAMapANameOrANumber() {
        assertEquals(Policy.of(0.1), everything("rate: 0.1").rate());
        assertEquals(new Inv(1, 2.0), everything("rate: {type: Inv, base: 1, gamma: 2}").rate());
        assertEquals("net.yaml:2: Inv.base is missing; expected: a number", wrongField("rate: Inv"));
        assertEquals("net.yaml:2: Everything.rate is a list; expected: a policy: a number, its name, or {type: its"
                + " name, …}; there are [Inv]", wrongField("rate: [1]"));
        assertEquals("net.yaml:2: Throws.neuron is [1]; expected: a neuron: its name, or {type: its name, …}; there are"
                + " [ReLU]", wrong("type: Throws, text: x, neuron: 1"));
        assertEquals("net.yaml:2: Everything.rate: value is NaN; expected: a finite number", wrongField("rate: .nan"));
    }

    @Test
    void theTypeNullIsNoNull() {
        assertEquals(new Samples.Null(), everything("first: Null").first());
        assertEquals(new Samples.Null(), everything("first: {type: Null}").first());
        assertNull(everything("first: null").first());
        assertNull(everything("first:").first());
        assertEquals("net.yaml:2: type is [null]; expected: the name of an initializer; there are [Null]",
                wrongField("first: {type: null}"));
    }

    @Test
    void anArrayIsWrittenAsNumbers() {
        assertEquals(Array.scalar(DataType.FLOAT64, 2), everything("array: 2").array());
        assertEquals(Array.of(Shape.of(2), 1.0, 2.5), everything("array: [1, 2.5]").array());
        assertEquals(Array.of(Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
                everything("array: [[1, 2, 3], [4, 5, 6]]").array());
        assertEquals(Array.of(Shape.of(0), new double[0]), everything("array: []").array());
        assertEquals("net.yaml:2: Everything.array[1] has a list of 1 where others are lists of 2; expected: equal"
                + " lengths", wrongField("array: [[1, 2], [3]]"));
        assertEquals("net.yaml:2: Everything.array[1] has [3] where others are lists of 2; expected: equal lengths",
                wrongField("array: [[1, 2], 3]"));
        assertEquals("net.yaml:2: Everything.array[1] is [x]; expected: a number", wrongField("array: [1, x]"));
        assertEquals("net.yaml:2: Everything.array is [true]; expected: a number, a list of numbers, a file, or"
                + " {file: …, dataset: …}", wrongField("array: true"));
    }

    @Test
    void anArrayIsReadFromAFileBesideTheNet(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("mean.t"), "T mean 1 2 3");
        Files.writeString(folder.resolve("other.t"), "T other 4");
        Files.writeString(folder.resolve("short.t"), "T");
        Files.writeString(folder.resolve("text.txt"), "x");
        Binder binder = new Binder(Samples.catalog(), folder);
        Array mean = Array.of(Shape.of(3), 1f, 2f, 3f);
        assertEquals(mean, array(binder, "mean.t").get().array());
        assertEquals(mean, array(binder, "{file: mean.t}").get().array());
        assertEquals(Array.of(Shape.of(1), 4f), array(binder, "{file: other.t, dataset: other}").get().array());
        String at = "net.yaml:1: Everything.array";
        assertEquals(at + ": " + folder.resolve("other.t") + " has no dataset [mean]; it has [other]",
                array(binder, "other.t").problems().toString());
        assertEquals(at + ": " + folder.resolve("none.t") + " does not exist",
                array(binder, "none.t").problems().toString());
        assertEquals(at + ": " + folder.resolve("short.t") + " ends too early",
                array(binder, "short.t").problems().toString());
        assertEquals(at + ": " + folder.resolve("text.txt") + " has no known format: it has the first bytes 78; there"
                + " are: plain", array(binder, "text.txt").problems().toString());
        assertEquals(at + ".file is missing; expected: a text", array(binder, "{dataset: a}").problems().toString());
        assertEquals(lines(at + ".file is missing; expected: a text", at + " has no field [sha256]; it has [file,"
                + " dataset]"), array(binder, "{sha256: a}").problems().toString());
    }

    private static Bound<Everything> array(Binder binder, String array) {
        return binder.bind(Everything.class, Yaml.parse("net.yaml", "{big: 1, real: 1, array: " + array + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "big: twenty    | Everything.big is [twenty]; expected: a whole number",
        "big: \"20\"    | Everything.big is [\"20\"]; expected: a whole number",
        "big: 1.5       | Everything.big is [1.5]; expected: a whole number",
        "big: 1e30      | Everything.big is [1e30]; expected: a whole number",
        "big: 1e999999999 | Everything.big is [1e999999999]; expected: a whole number",
        "big: null      | Everything.big is [null]; expected: a whole number",
        "big: [1]       | Everything.big is a list; expected: a whole number",
        "flag: yes      | Everything.flag is [yes]; expected: true or false",
        "small: {a: 1}  | Everything.small is a map; expected: a number",
        "text: [a]      | Everything.text is a list; expected: a text",
        "kind: min      | Everything.kind is [min]; expected: one of [max, mean, within-channel]",
        "numbers: {a: 1} | Everything.numbers is a map; expected: a list",
        "numbers: [1, x] | Everything.numbers[1] is [x]; expected: a whole number",
        "numbers: [1, null] | Everything.numbers[1] is [null]; expected: a value",
        "numbers: [3000000000] | Everything.numbers[0] is [3000000000]; expected: a whole number from -2147483648"
                + " to 2147483647",
        "map: [1]       | Everything.map is a list; expected: a map",
        "map: {a: b}    | Everything.map.a is [b]; expected: a number",
        "shape: [-1]    | Everything.shape: a shape has no negative extent: [-1]",
        "size: abc      | Everything.size is [abc]; expected: a whole number or [w, h] or a map of [w, h]",
        "size: [1, 2, 3] | Everything.size is a list of 3; expected: a whole number or [w, h] or a map of [w, h]",
        "size: [1]      | Everything.size.h is missing; expected: a whole number",
        "size: {w: 1, h: x} | Everything.size.h is [x]; expected: a whole number",
        "'size: {w: 1, h: 1, d: 1}' | Everything.size has no field [d]; it has [w, h]",
        "window: [0]    | Everything.window.kernel is 0x0; expected: at least 1x1",
        "window: {}     | Everything.window.kernel is missing; expected: a number or [width, height]",
        "neurons: [Relu] | unknown neuron [Relu]; did you mean ReLU? There are: ReLU",
        "neurons: [{}]  | type is missing; expected: the name of a neuron; there are [ReLU]",
        "neurons: [{type: [a]}] | type is a list; expected: the name of a neuron; there are [ReLU]",
        "neurons: [{type: ReLU, epsilom: 1}] | ReLU has no field [epsilom]; it has [epsilon]; did you mean epsilon?",
    })
    void aWrongValueIsNamed(String field, String message) {
        String fields = field.startsWith("big") ? "real: 1, " + field : "big: 1, real: 1, " + field;
        assertEquals("net.yaml:2: " + message, wrong("type: Everything, " + fields));
    }

    @Test
    void anUnknownFieldListsTheFields() {
        assertEquals("net.yaml:2: Convolution has no field [strid]; it has [filters, kernel, stride, pad, dilation,"
                + " groups, name, bottoms, tops, neuron, phase, paramKey]; did you mean stride?",
                wrong("type: Convolution, filters: 1, kernel: 5, strid: 2"));
        assertEquals("net.yaml:1: Root has no field [layer]; it has [name, layers, solver, type]; did you mean layers?",
                bind(Root.class, "layer: []").problems().toString());
        assertEquals("net.yaml:1: SGD has no field [iteration]; it has [momentum, iterations, rate]; did you mean"
                + " iterations?", bind(Root.class, "solver: {type: SGD, iterations: 1, iteration: 1}").problems()
                .toString());
    }

    @Test
    void anUnknownTypeIsReportedWithoutItsFields() {
        assertEquals("net.yaml:2: unknown layer [Convolutoin]; did you mean Convolution? There are: Broken, Clash,"
                + " Convolution, Everything, Pooling, Throws", wrong("type: Convolutoin, filters: 20"));
        assertEquals("net.yaml:2: type is missing; expected: the name of a layer; there are [Broken, Clash,"
                + " Convolution, Everything, Pooling, Throws]", wrong("filters: 20"));
    }

    @Test
    void constructorsAreReportedInTermsOfTheFile() {
        assertEquals("net.yaml:3: Convolution.filters is 0; expected: at least 1", bind(Root.class, "layers:",
                "- type: Convolution", "  filters: 0", "  name: a", "  kernel: 5").problems().toString());
        assertEquals("net.yaml:2: Throws: java.lang.IllegalStateException: no text", wrong("type: Throws"));
        assertEquals("net.yaml:1: Convolution.name is missing; expected: the name of the layer",
                bind(Root.class, "layers: [{type: Convolution, filters: 1, kernel: 1}]").problems().toString());
        assertEquals("net.yaml:2: Convolution.name is a___b; expected: letters, digits, '_', '.', '-', without '___'",
                bind(Root.class, "layers:", "- {name: a___b, type: Convolution, filters: 1, kernel: 1}").problems()
                        .toString());
    }

    @Test
    void aFlatPartThatIsAbsentIsNullUnlessItsOwnerNeedsIt() {
        assertEquals(new Pooling(null, null, true), layer("type: Pooling, global: true"));
        assertEquals("net.yaml:2: Pooling.kernel is missing; expected: a number or [width, height]",
                wrong("type: Pooling, global: false"));
        assertEquals("net.yaml:2: Convolution.kernel is missing; expected: a number or [width, height]",
                wrong("type: Convolution, filters: 3, stride: 2"));
        assertEquals("net.yaml:2: Convolution.filters is 0; expected: at least 1",
                wrong("type: Convolution, filters: 0"));
        assertEquals("net.yaml:2: Convolution.stride is 0x0; expected: at least 1x1",
                wrong("type: Convolution, filters: 1, kernel: 5, stride: 0"));
    }

    @Test
    void typesThatCannotBeConfiguredAreNamed() {
        assertEquals("net.yaml:2: Broken.any cannot be written in files: it is a java.lang.Object",
                wrong("type: Broken, any: 1"));
        assertEquals("net.yaml:2: Broken.wild[0] cannot be written in files: it is a ?",
                wrong("type: Broken, wild: [1]"));
        assertEquals("net.yaml:2: Clash has a field [phase] that its surroundings have, too; its plug-in must rename"
                + " it",
                wrong("type: Clash"));
        assertEquals("net.yaml:1: Named.wrong cannot be flat: it is a java.lang.String; expected: a record or a role",
                bind(Samples.Named.class, "type: ReLU").problems().toString());
    }

    @Test
    void everythingWrongIsReportedAtOnceInTheOrderOfTheLines() {
        Bound<Root> b = bind(Root.class, "name: [x]", "layers:",
                "- {name: a, type: Convolution, filters: twenty, kernel: 5, strid: 1}",
                "- {name: b, type: Pooling, global: true}",
                "- {name: c, type: Nothing}",
                "solver: {type: SGD, rate: {type: Inv}}",
                "type: float16", "seeed: 1");
        assertEquals(lines("net.yaml:1: Root.name is a list; expected: a text",
                "net.yaml:3: Convolution.filters is [twenty]; expected: a whole number",
                "net.yaml:3: Convolution has no field [strid]; it has [filters, kernel, stride, pad, dilation, groups,"
                        + " name, bottoms, tops, neuron, phase, paramKey]; did you mean stride?",
                "net.yaml:5: unknown layer [Nothing]; there are: Broken, Clash, Convolution, Everything, Pooling,"
                        + " Throws",
                "net.yaml:6: SGD.iterations is missing; expected: a whole number",
                "net.yaml:6: Inv.base is missing; expected: a number",
                "net.yaml:7: Root.type is [float16]; expected: one of [float32, float64, int32, int64]",
                "net.yaml:8: Root has no field [seeed]; it has [name, layers, solver, type]"),
                b.problems().toString());
        assertEquals(List.of("b"), b.value().layers().stream().map(NodeConfig::name).toList());
        assertNull(b.value().solver());
        assertEquals(b.problems().toString(), assertThrows(ConfigurationException.class, b::get).getMessage());
    }

    @Test
    void whatIsNoMapIsNoNet() {
        Bound<Root> b = bind(Root.class, "");
        assertEquals("net.yaml:1: Root is [null]; expected: a map", b.problems().toString());
        assertNull(b.value());
    }

    @Test
    void placesAreKnownAfterwards() {
        Bound<Root> b = bind(Root.class, "layers:", "- name: a", "  type: Convolution", "  filters: 1", "  kernel: 5",
                "- {name: a, type: Convolution, filters: 1, kernel: 5}");
        NodeConfig first = b.get().layers().get(0);
        NodeConfig second = b.get().layers().get(1);
        assertEquals(first, second);
        assertEquals("net.yaml:2", b.positions().of(first).orElseThrow().toString());
        assertEquals("net.yaml:6", b.positions().of(second).orElseThrow().toString());
        assertEquals("net.yaml:5", b.positions().of(first, "kernel").orElseThrow().toString());
        assertEquals("net.yaml:2: ", b.positions().prefix(first));
        assertEquals("", b.positions().prefix("something else"));
        Object node = first.node();
        b.positions().same(first, node);
        assertEquals("net.yaml:2", b.positions().of(node, "tops").orElseThrow().toString());
        assertTrue(b.positions().of(first.layer()).isPresent());
    }
}
