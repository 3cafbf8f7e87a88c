package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.Transpose;

class ProgramTest {
    private static final Spec MATRIX = Spec.of(DataType.FLOAT32, 3, 5);
    private static final String[] WORK = {"launch", "multiply", "begin", "end", "close graph"};
    private static final String TRANSPOSED = "launch copy_box on 1x256 ([15], "
            + "[2, 5, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "
            + "[0], [0], @, @)";
    private static final String PRODUCT = "multiply Product[type=FLOAT32, batch=1, m=3, n=2, k=5, transposeA=false, "
            + "transposeB=true]";

    private static List<Step> steps(Rig r) {
        return List.of(r.step(new Transpose(List.of(1, 0)), MATRIX),
                r.step(new MatMul(false, true), MATRIX, Spec.of(DataType.FLOAT32, 2, 5)));
    }

    @Test
    void theFirstRunIsPlainTheSecondIsCapturedAndTheNextAreOneLaunch() {
        try (Rig r = new Rig(Map.of()); Executable e = r.device.compile(steps(r))) {
            r.driver.calls.clear();
            e.run();
            assertEquals(List.of(TRANSPOSED, PRODUCT), r.driver.take(WORK));
            e.run();
            assertEquals(List.of("begin capture", TRANSPOSED, PRODUCT, "end capture", "launch graph"), r.driver.take(WORK));
            e.run();
            assertEquals(List.of("launch graph"), r.driver.take(WORK));
            e.close();
            assertEquals(List.of("close graph"), r.driver.take(WORK));
        }
    }

    @Test
    void whatCannotBeCapturedRunsPlainly() {
        try (Rig r = new Rig(Map.of()); Executable e = r.device.compile(steps(r))) {
            r.driver.refusal = new DeviceException("cuda: not while a graph is captured");
            e.run();
            r.driver.calls.clear();
            e.run();
            assertEquals(List.of("begin capture", TRANSPOSED, PRODUCT, "end capture", "close graph", TRANSPOSED,
                    PRODUCT), r.driver.take(WORK));
            e.run();
            assertEquals(List.of(TRANSPOSED, PRODUCT), r.driver.take(WORK));
        }
    }

    @Test
    void stepsOfTheHostRunBetweenGraphs() {
        try (Rig r = new Rig(Map.of())) {
            List<Step> s = steps(r);
            Executable e = r.device.compile(List.of(s.get(0), () -> r.driver.calls.add("launch on the host"), s.get(1)));
            e.run();
            e.run();
            r.driver.calls.clear();
            e.run();
            assertEquals(List.of("launch graph", "launch on the host", "launch graph"), r.driver.take(WORK));
            e.close();
        }
    }

    @Test
    void withoutGraphsEveryRunIsPlain() {
        try (Rig r = new Rig(Map.of("graphs", "off")); Executable e = r.device.compile(steps(r))) {
            for (int i = 0; i < 3; i++) {
                r.driver.calls.clear();
                e.run();
                assertEquals(List.of(TRANSPOSED, PRODUCT), r.driver.take(WORK));
            }
        }
    }

    @Test
    void kernelsAreCompiledWhenAProgramIsMadeAndOnce() {
        try (Rig r = new Rig(Map.of())) {
            List<Step> s = steps(r);
            Executable a = r.device.compile(s);
            Executable b = r.device.compile(s);
            assertEquals(List.of("compile moves.cu [REAL=float]"), r.driver.take("compile"));
            a.close();
            b.close();
            assertEquals("this executable is closed", assertThrows(DeviceException.class, a::run).getMessage());
        }
    }
}
