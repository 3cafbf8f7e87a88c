package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VectorChoiceTest {
    @Test
    void withoutTheModuleThereAreLoopsAndARemedy() throws Exception {
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), VectorChoice.class.getName()).redirectErrorStream(true).start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor(), text);
        assertEquals("""
                cpu, 1 thread, plain loops (for vectors start Java with --add-modules jdk.incubator.vector)
                DeviceException: vector is on, but the Vector API (module jdk.incubator.vector) is not there: \
                start Java with --add-modules jdk.incubator.vector
                cpu, 1 thread, plain loops
                true
                """.replace("\n", System.lineSeparator()), text);
    }

    @Test
    void otherChoicesAreErrors() {
        assertTrue(VectorChoice.open("on").matches("cpu, 1 thread, \\d+-bit vectors"), VectorChoice.open("on"));
        assertEquals("ConfigurationException: vector is fast; expected: auto, on or off", VectorChoice.open("fast"));
    }
}
