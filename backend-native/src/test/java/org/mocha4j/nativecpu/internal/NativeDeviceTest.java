package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.MatMul;

/** What the library refuses, and what it keeps. */
class NativeDeviceTest {
    @TempDir
    Path temp;

    @BeforeEach
    void requireLibrary() {
        Availability a = new NativeBackend().probe();
        assumeTrue(a.usable(), () -> "skipped: " + a.detail());
    }

    private static NativeDevice device(int threads) {
        return (NativeDevice) new NativeBackend().open(new DeviceOptions(threads, false, Map.of()));
    }

    private static Plan plan(NativeDevice d, Op op, Spec... inputs) {
        List<Spec> in = List.of(inputs);
        @SuppressWarnings("unchecked")
        Kernel<Op> kernel = (Kernel<Op>) d.kernels().stream().filter(k -> k.op() == op.getClass()).findFirst().orElseThrow();
        return (Plan) kernel.plan(op, new PlanRequest(d, in, op.infer(in), Collections.nCopies(in.size(), Layout.PLAIN),
                Optional.empty(), false));
    }

    @Test
    void aPlanThatTheLibraryRefuses() {
        try (NativeDevice d = device(2)) {
            assertEquals("native: rot13: there is no plan of the name rot13", assertThrows(PlanException.class, () ->
                    d.info(Code.of("rot13", DataType.FLOAT32).code())).getMessage());
            assertEquals("native: softmax: a plan has too few arguments", assertThrows(PlanException.class, () ->
                    d.info(Code.of("softmax", DataType.FLOAT32).code())).getMessage());
            assertEquals("native: elementwise: type must be float32 or float64", assertThrows(PlanException.class, () ->
                    d.info(Code.of("elementwise", DataType.INT32).code())).getMessage());
        }
    }

    @Test
    void aProgramThatEndsTooEarly() {
        try (NativeDevice d = device(2); Memory m = new Memory(16)) {
            m.setLong(0, 1);
            m.setLong(8, 1 << 20);
            assertEquals("native: a program: a program ends in the middle of a command",
                    assertThrows(DeviceException.class, () -> d.program(m, 1)).getMessage());
            assertEquals("native: a program: a command has 1048576 buffers",
                    assertThrows(DeviceException.class, () -> d.program(m, 2)).getMessage());
        }
    }

    /** oneDNN and OpenBLAS count in 32 bits here and there. */
    @Test
    void tensorsOfMoreThanTwoBillionElements() {
        try (NativeDevice d = device(2)) {
            Spec x = Spec.of(DataType.FLOAT32, 1, 1, 60000, 40000);
            Spec filter = Spec.of(DataType.FLOAT32, 2, 1, 3, 3);
            assertEquals("native: columns forward: matrices have at most 2147483647 rows and columns, found 2399800004;"
                    + " use a smaller batch", assertThrows(PlanException.class, () ->
                    plan(d, new Convolution(Window.of(3), 1), x, filter)).getMessage());
            assertEquals("columns+gemm convolution", plan(d, new Convolution(Window.of(3), 1),
                    Spec.of(DataType.FLOAT32, 60000, 1, 200, 200), filter).kernel());
            assertEquals("OpenBLAS product", plan(d, new MatMul(false, false), Spec.of(DataType.FLOAT32, 70000, 40000),
                    Spec.of(DataType.FLOAT32, 40000, 10)).kernel());
            assertEquals("oneDNN product", plan(d, new MatMul(false, false), Spec.of(DataType.FLOAT32, 50000, 40000),
                    Spec.of(DataType.FLOAT32, 40000, 10)).kernel());
        }
    }

    @Test
    void aRequestBeyondTheMemoryOfThisMachine() {
        try (NativeDevice d = device(1)) {
            String said = assertThrows(DeviceException.class, () -> d.allocate(List.of(
                    new Allocation(DataType.FLOAT32, 1L << 44, "blob conv1")))).getMessage();
            assertTrue(said.matches("native memory has no room for 67108864 MiB, \\d+ MiB are available by .*:"
                    + " blob conv1 \\(17592186044416 float32\\)\\. Use a smaller batch"), said);
        }
    }

    @Test
    void plansGoWithTheLastProgramThatHasThem() {
        NativeDevice d = device(2);
        Plan p = plan(d, new MatMul(false, false), Spec.of(DataType.FLOAT32, 4, 8), Spec.of(DataType.FLOAT32, 8, 2));
        List<Buffer> b = d.allocate(List.of(new Allocation(DataType.FLOAT32, 32, "a"), new Allocation(DataType.FLOAT32, 16, "b"),
                new Allocation(DataType.FLOAT32, 8, "c"), new Allocation(DataType.INT64, Status.WORDS, "status"),
                new Allocation(DataType.FLOAT32, p.scratch().elements() + 1, "scratch")));
        List<Executable> open = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            open.add(d.compile(List.of(p.bind(new Binding(b.subList(0, 2), b.subList(2, 3), b.get(4), null, b.get(3))))));
            assertEquals(1, d.livePlans());
        }
        HostTensor ones = HostTensor.allocate(Spec.of(DataType.FLOAT32, 32));
        ones.fill(1);
        d.upload(ones, b.get(0));
        d.upload(HostTensor.wrap(Spec.of(DataType.FLOAT32, 16), ones.array()), b.get(1));
        HostTensor y = HostTensor.allocate(Spec.of(DataType.FLOAT32, 8));
        open.get(99).run();
        d.download(b.get(2), y);
        assertArrayEquals(new float[] {8, 8, 8, 8, 8, 8, 8, 8}, (float[]) y.array());
        open.subList(1, 100).forEach(Executable::close);
        assertEquals(1, d.livePlans());
        d.free(b);
        assertEquals("native: the device is closed while programs with 1 plans are open; close them first",
                assertThrows(DeviceException.class, d::close).getMessage());
        open.get(0).close();
        assertEquals(0, d.livePlans());
    }

    /** What a process says that opens a device of so many threads in another environment. */
    private String opening(int threads, String shell, Map<String, String> environment) throws Exception {
        List<String> java = Probe.command(temp, "-Dmocha.test.threads=" + threads);
        String named = System.getProperty(Loader.LIBRARY);
        if (named != null) {
            java.add(1, "-D" + Loader.LIBRARY + "=" + named);
        }
        List<String> all = new ArrayList<>(List.of("sh", "-c", shell + "exec \"$@\"", "sh"));
        all.addAll(java);
        ProcessBuilder b = new ProcessBuilder(all).redirectErrorStream(true);
        b.environment().putAll(environment);
        return Probe.said(b.start());
    }

    /** The threads are the library's own. */
    @Test
    void whatOpenMpIsAllowedDoesNotMatter() throws Exception {
        assertEquals("opened", opening(3, "", Map.of("OMP_THREAD_LIMIT", "1")));
    }

    @Test
    void moreThreadsThanThePoolHasRoomFor() {
        assertEquals("native: a device: threads must be 1 to 512, found 513",
                assertThrows(DeviceException.class, () -> device(513)).getMessage());
    }

    @Test
    void threadsThatCannotBeStarted() throws Exception {
        assertEquals("native: a device: cannot start 63 threads more: Resource temporarily unavailable; ask for fewer, or"
                + " raise the limit of processes or memory", opening(64, "ulimit -s 2000000; ulimit -v 40000000; ", Map.of()));
    }
}
