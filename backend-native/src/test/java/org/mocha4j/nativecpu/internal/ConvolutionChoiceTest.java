package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Op;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionParameterGradients;

/** Which way a convolution goes: by its shapes, by a file, by timing. */
class ConvolutionChoiceTest {
    private static final Convolution FIVE = new Convolution(Window.of(5), 1);
    private static final Convolution THREE = new Convolution(Window.of(3, 1, 1), 1);
    private static final Convolution STRIDE = new Convolution(Window.of(3, 2), 1);

    @TempDir
    Path temp;

    @BeforeAll
    static void requireLibrary() {
        Availability a = new NativeBackend().probe();
        assumeTrue(a.usable(), a.detail());
    }

    private static Device open(Map<String, String> extra) {
        return new NativeBackend().open(new DeviceOptions(2, false, extra));
    }

    private Path file() {
        return temp.resolve("plans.txt");
    }

    @SuppressWarnings("unchecked")
    private static <O extends Op> Offer offer(Device d, O op, boolean saves, Spec... in) {
        Kernel<O> k = (Kernel<O>) d.kernels().stream().filter(x -> x.op() == op.getClass()).findFirst().orElseThrow();
        return k.plan(op, new PlanRequest(d, List.of(in), op.infer(List.of(in)),
                Collections.nCopies(in.length, Layout.ANY), Optional.empty(), saves));
    }

    private static String kernel(Device d, Op op, boolean saves, Spec... in) {
        return ((Plan) offer(d, op, saves, in)).kernel();
    }

    private static Spec f32(int... dims) {
        return Spec.of(DataType.FLOAT32, dims);
    }

    /** oneDNN takes some slices in one layout of the filters and not in another: the plan that runs may be cut otherwise. */
    @ParameterizedTest
    @CsvSource({"1,57,57,8,64,7,4", "2,56,56,8,64,7,4", "4,56,56,16,128,5,4", "4,64,64,96,128,7,4", "1,57,30,16,64,5,2",
        "8,28,28,64,64,7,4", "1,28,28,64,64,7,4"})
    void theScratchMemoryIsThatOfThePlanThatRuns(int n, int h, int w, int c, int f, int kernel, int stride) {
        Convolution op = new Convolution(Window.of(kernel, stride), 1);
        try (NativeDevice d = (NativeDevice) new NativeBackend().open(new DeviceOptions(3, false, Map.of("winograd", "off")))) {
            NativePlan p = (NativePlan) offer(d, op, true, f32(n, c, h, w), f32(f, c, kernel, kernel));
            assertTrue(p.kernel().startsWith("oneDNN"), p.kernel());
            NativeDevice.Info runs = d.info(p.code());
            assertEquals(Workspaces.bytes(runs.scratchBytes()), p.scratch());
            Layout filters = p.inputs().get(1);
            assertEquals(filters instanceof OpaqueLayout o ? o.words() : List.of(), runs.chosen().get(0).plain() ? List.of()
                    : runs.chosen().get(0).words());
        }
    }

    @Test
    void withoutAFileTheShapesDecide() {
        try (Device d = open(Map.of())) {
            assertEquals("oneDNN convolution", kernel(d, FIVE, true, f32(4, 1, 12, 12), f32(20, 1, 5, 5)));
            assertEquals("winograd convolution", kernel(d, THREE, true, f32(4, 32, 16, 16), f32(64, 32, 3, 3)));
            assertEquals("oneDNN convolution", kernel(d, STRIDE, true, f32(4, 32, 16, 16), f32(64, 32, 3, 3)));
            assertEquals("columns+gemm convolution", kernel(d, THREE, true, Spec.of(DataType.FLOAT64, 4, 32, 16, 16),
                    Spec.of(DataType.FLOAT64, 64, 32, 3, 3)));
            Offer both = offer(d, new ConvolutionParameterGradients(THREE), false,
                    Spec.of(DataType.FLOAT64, 4, 32, 16, 16), Spec.of(DataType.FLOAT64, 4, 64, 16, 16));
            assertEquals("winograd: type must be float32, found FLOAT64; direct: it is for gradients of filters in float32,"
                    + " images of at most 4 channels, stride, dilation and groups of 1 and pads below the kernel;"
                    + " onednn: type must be float32, found FLOAT64;"
                    + " columns: it gives the gradient of the filters alone", ((Refusal) both).why());
        }
        try (Device d = open(Map.of("winograd", "off"))) {
            assertEquals("oneDNN convolution", kernel(d, THREE, true, f32(4, 32, 16, 16), f32(64, 32, 3, 3)));
        }
    }

    @Test
    void tuningTimesWhatIsNotInTheFileAndNothingElse() throws IOException {
        String first;
        try (Device d = open(Map.of("tune", file().toString()))) {
            first = kernel(d, THREE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3));
            assertTrue(first.matches("(winograd|oneDNN|columns\\+gemm) convolution \\(tuned: [\\d.]+ ms(; (winograd|onednn|columns)"
                    + " [\\d.]+ ms){2}\\)"), first);
            assertTrue(kernel(d, STRIDE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3)).matches(
                    "(oneDNN|columns\\+gemm) convolution \\(tuned: [\\d.]+ ms; (onednn|columns) [\\d.]+ ms\\)"));
        }
        String text = Files.readString(file());
        assertEquals(List.of("forward images 2x8x9x9 filters 8x8x3x3 output 2x8x9x9 stride 1x1 pad 1x1 dilation 1x1 groups 1",
                "forward images 2x8x9x9 filters 8x8x3x3 output 2x8x4x4 stride 2x2 pad 0x0 dilation 1x1 groups 1"),
                text.lines().skip(3).map(l -> l.substring(0, l.indexOf(':'))).toList());
        try (Device d = open(Map.of("tune", file().toString()))) {
            assertEquals(first, kernel(d, THREE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3)));
            assertEquals("columns+gemm convolution", kernel(d, THREE, true, Spec.of(DataType.FLOAT64, 2, 8, 9, 9),
                    Spec.of(DataType.FLOAT64, 8, 8, 3, 3)));
            assertEquals(text, Files.readString(file()), "nothing was timed again");
            kernel(d, THREE, false, f32(2, 8, 9, 9), f32(8, 8, 3, 3));
            assertTrue(Files.readString(file()).contains("\ninference images 2x8x9x9 filters 8x8x3x3 output 2x8x9x9 "),
                    "without a gradient it is another task");
        }
    }

    @Test
    void everyWayOfAFileIsTakenAndTheFileIsOnlyRead() throws IOException {
        try (Device d = open(Map.of("tune", file().toString()))) {
            kernel(d, THREE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3));
        }
        String tuned = Files.readString(file());
        Map<String, String> names = Map.of("winograd", "winograd", "onednn", "oneDNN", "columns", "columns+gemm");
        names.forEach((way, name) -> {
            String chosen = tuned.replaceAll(": \\w+ \\(", ": " + way + " (");
            String byHand = tuned.replaceAll(": \\w+ \\(.*\\)", ": " + way);
            try {
                Files.writeString(file(), chosen);
                try (Device d = open(Map.of("plans", file().toString()))) {
                    String k = kernel(d, THREE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3));
                    assertTrue(k.startsWith(name + " convolution (tuned: "), k);
                    assertEquals("oneDNN convolution (estimated: not in plans.txt)",
                            kernel(d, STRIDE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3)));
                }
                assertEquals(chosen, Files.readString(file()));
                Files.writeString(file(), byHand);
                try (Device d = open(Map.of("plans", file().toString()))) {
                    assertEquals(name + " convolution (as plans.txt says)",
                            kernel(d, THREE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3)));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void aWayThatCannotComputeItIsAnErrorWithTheLine() throws IOException {
        try (Device d = open(Map.of("tune", file().toString()))) {
            kernel(d, STRIDE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3));
        }
        Files.writeString(file(), Files.readString(file()).replaceAll(": \\w+ \\(.*\\)", ": winograd"));
        try (Device d = open(Map.of("plans", file().toString()))) {
            assertEquals(file() + ":4: winograd cannot compute this: it is for kernels of 3x3 and 5x5 with stride, dilation and"
                    + " groups of 1 and pads below the kernel; remove the line, or use another file",
                    assertThrows(PlanException.class, () -> kernel(d, STRIDE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3)))
                            .getMessage());
        }
        try (Device d = open(Map.of("plans", file().toString(), "winograd", "off"))) {
            assertEquals(file() + ":4: winograd cannot compute this: it is switched off: winograd=off; remove the line, or use"
                    + " another file", assertThrows(PlanException.class,
                        () -> kernel(d, STRIDE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3))).getMessage());
        }
    }

    private static String refused(Map<String, String> extra) {
        MochaException e = assertThrows(ConfigurationException.class, () -> open(extra).close());
        return e.getMessage();
    }

    @Test
    void optionsThatAreWrongAreNamed() {
        assertEquals("backend native: both tune and plans are given; tune reads its file too, and times what is not in it,"
                + " plans only reads", refused(Map.of("tune", "a", "plans", "b")));
        assertEquals("tune is [ ]; expected: a file", refused(Map.of("tune", " ")));
        assertEquals("plans: there is no file " + file() + "; --tune " + file() + " makes it",
                refused(Map.of("plans", file().toString())));
        assertEquals("backend native has no option [tuna]; it has [plans, tune, winograd]", refused(Map.of("tuna", "a")));
    }

    @Test
    void timingLeavesNoPlanAndIsRepeatedForEachNumberOfThreads() {
        try (NativeDevice d = (NativeDevice) open(Map.of("tune", file().toString()))) {
            kernel(d, THREE, true, f32(2, 8, 9, 9), f32(8, 8, 3, 3));
            assertEquals(0, d.livePlans());
        }
        ConfigurationException e = assertThrows(ConfigurationException.class, () -> new NativeBackend().open(
                new DeviceOptions(3, false, Map.of("tune", file().toString()))));
        assertEquals(file() + ":3: made with threads [2], and this device has [3]; the times of one say nothing about the"
                + " other: give another file to --tune", e.getMessage());
    }
}
