package org.mocha4j.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Size;
import org.mocha4j.runtime.config.Samples.Convolution;
import org.mocha4j.runtime.config.Samples.Inv;
import org.mocha4j.runtime.config.Samples.Root;
import org.mocha4j.runtime.config.Samples.SGD;

class OverridesTest {
    private static final Tree NET = Yaml.parse("net.yaml", Samples.lines("layers:",
            "- {name: conv1, type: Convolution, filters: 20, kernel: 5}",
            "- {name: conv.2, type: Convolution, filters: 20, kernel: 5}",
            "solver: {type: SGD, iterations: 10, rate: {type: Inv, base: 0.01}}"));

    private static Bound<Root> bind(String... overrides) {
        return new Binder(Samples.catalog(), Path.of("")).bind(Root.class, Overrides.apply(NET, List.of(overrides)));
    }

    private static Convolution convolution(int index, String... overrides) {
        return (Convolution) bind(overrides).get().layers().get(index).layer();
    }

    private static String error(String... overrides) {
        return assertThrows(ConfigurationException.class, () -> bind(overrides)).getMessage();
    }

    @Test
    void mapsAreAddressedByKeyAndListsByNameOrIndex() {
        assertEquals(new Inv(0.02, null), bind("solver.rate.base=0.02").get().solver().rate());
        assertEquals(30, convolution(0, "layers.conv1.filters=30").filters());
        assertEquals(31, convolution(1, "layers.1.filters=31").filters());
        assertEquals(32, convolution(1, "layers.conv.2.filters=32").filters());
        assertEquals(20, convolution(0, "layers.1.filters=31").filters());
    }

    @Test
    void theValueIsYaml() {
        assertEquals(new Size(5, 3), convolution(0, "layers.conv1.kernel=[5, 3]").window().kernel());
        assertEquals(Policy.of(0.1), bind("solver.rate=0.1").get().solver().rate());
        assertEquals(new Inv(1, 2.0), bind("solver.rate={type: Inv, base: 1, gamma: 2}").get().solver().rate());
    }

    @Test
    void aFieldThatTheFileDoesNotSetCanBeSetAndTheLastOneWins() {
        assertEquals(new SGD(Policy.of(0.8)), bind("solver.momentum=0.9", "solver.momentum=0.8").get().solver().rule());
        assertEquals("x", bind("name=x").get().name());
    }

    @Test
    void errorsNameTheOption() {
        assertEquals("--set solver.iterations: SGD.iterations is [many]; expected: a whole number",
                bind("solver.iterations=many").problems().toString());
        assertEquals("--set solver.momentun: SGD has no field [momentun]; it has [momentum, iterations, rate]; did you"
                + " mean momentum?", bind("solver.momentun=1").problems().toString());
        assertEquals("--set solvr.rate: net.yaml has no [solvr]; it has [layers, solver]; did you mean solver?",
                error("solvr.rate=1"));
        assertEquals("--set layers.conv3.filters: layers has no [conv3]; it has [conv1, conv.2]; did you mean conv1?",
                error("layers.conv3.filters=1"));
        assertEquals("--set layers.7: layers has no [7]; it has [conv1, conv.2]", error("layers.7={}"));
        assertEquals("--set solver.iterations.x: solver.iterations is [10] (net.yaml:4) and has no parts; expected: the"
                + " path of a map or list", error("solver.iterations.x=1"));
        assertEquals("--set solver: expected: path=value, for example solver.rate.base=0.02", error("solver"));
        assertEquals("--set solver.rate: not YAML: expected ',' or ']', but got <stream end> (while parsing a flow"
                + " sequence)", error("solver.rate=[1"));
    }

    @Test
    void problemsOfOptionsComeAfterThoseOfLines() {
        assertEquals(Samples.lines("net.yaml:2: Convolution.filters is 0; expected: at least 1",
                "--set solver.iterations: SGD.iterations is [many]; expected: a whole number"),
                new Binder(Samples.catalog(), Path.of("")).bind(Root.class, Overrides.apply(Yaml.parse("net.yaml",
                        Samples.lines("layers:", "- {name: c, type: Convolution, filters: 0, kernel: 1}",
                                "solver: {type: SGD}")), List.of("solver.iterations=many"))).problems().toString());
    }
}
