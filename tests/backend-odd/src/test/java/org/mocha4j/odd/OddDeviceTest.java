package org.mocha4j.odd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.SgdUpdate;

class OddDeviceTest {
    private static final Layout ANY = Layout.ANY;
    private final OddDevice device = (OddDevice) new OddBackend().open(DeviceOptions.DEFAULT);
    private final List<Buffer> owned = new ArrayList<>();

    @AfterEach
    void everythingIsFreed() {
        device.free(owned);
        assertEquals(0, device.liveBytes());
        device.close();
    }

    private Buffer buffer(DataType type, long elements) {
        Buffer b = device.allocate(List.of(new Device.Allocation(type, elements, "test"))).get(0);
        owned.add(b);
        return b;
    }

    private Buffer filled(Spec spec, double v) {
        HostTensor t = HostTensor.allocate(spec);
        t.fill(v);
        Buffer b = buffer(spec.type(), spec.elements());
        device.upload(t, b);
        return b;
    }

    private double[] raw(Buffer b) {
        HostTensor t = HostTensor.allocate(Spec.of(b.type(), (int) b.elements()));
        device.download(b, t);
        double[] v = new double[t.elements()];
        for (int i = 0; i < v.length; i++) {
            v[i] = t.get(i);
        }
        return v;
    }

    @SuppressWarnings("unchecked")
    private <O extends Op> Offer plan(O op, List<Spec> in, List<Layout> layouts, Optional<Plan> forward,
                                      boolean saves) {
        Kernel<O> k = (Kernel<O>) device.kernels().stream().filter(x -> x.op() == op.getClass())
                .findFirst().orElseThrow();
        return k.plan(op, new PlanRequest(device, in, op.infer(in), layouts, forward, saves));
    }

    private void run(Plan p, List<Buffer> in, List<Buffer> out, Buffer saved, Buffer status) {
        try (Device.Executable e = device.compile(List.of(p.bind(new Binding(in, out, null, saved, status))))) {
            e.run();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8})
    void imagesComeBackFromTheirLayoutAndPaddingIsZero(int channels) {
        Spec s = Spec.of(DataType.FLOAT32, 2, channels, 3, 2);
        HostTensor x = HostTensor.allocate(s);
        for (int i = 0; i < x.elements(); i++) {
            x.set(i, i + 1);
        }
        Plan pooling = (Plan) plan(new Pooling(Pooling.Kind.MAX, Window.of(1), null, Pooling.Rounding.CEIL), List.of(s),
                List.of(Layout.PLAIN), Optional.empty(), false);
        Layout nhwc = pooling.inputs().get(0);
        assertEquals("nhwc4", nhwc.name());
        Buffer plain = filled(s, 0);
        device.upload(x, plain);
        Buffer image = filled(Spec.of(s.type(), (int) nhwc.elements(s)), Double.NaN);
        run(device.reorder(s, Layout.PLAIN, nhwc), List.of(plain), List.of(image), null, null);
        double[] v = raw(image);
        int lanes = v.length / 12;
        assertEquals((channels + 3) / 4 * 4, lanes);
        for (int i = 0; i < v.length; i++) {
            int c = i % lanes;
            int place = i / lanes;
            assertEquals(c < channels ? (place / 6 * channels + c) * 6 + place % 6 + 1 : 0, v[i]);
        }
        Buffer back = filled(s, Double.NaN);
        run(device.reorder(s, nhwc, Layout.PLAIN), List.of(image), List.of(back), null, null);
        assertTrue(java.util.Arrays.equals(raw(plain), raw(back)));
    }

    @Test
    void opsThatWouldBreakThePaddingWantPlainTensors() {
        Spec s = Spec.of(DataType.FLOAT64, 1, 3, 2, 2);
        Layout nhwc = ((Plan) plan(new Pooling(Pooling.Kind.MEAN, Window.of(1), Pooling.Divisor.KERNEL,
                Pooling.Rounding.CEIL), List.of(s), List.of(ANY), Optional.empty(), false)).outputs().get(0);
        assertEquals(nhwc, ((Plan) plan(new Affine(2, 0), List.of(s), List.of(nhwc), Optional.empty(), false))
                .outputs().get(0));
        assertEquals(Layout.PLAIN, ((Plan) plan(new Affine(2, 1), List.of(s), List.of(nhwc), Optional.empty(), false))
                .inputs().get(0));
        assertEquals(Layout.PLAIN, ((Plan) plan(new Exp(), List.of(s), List.of(nhwc), Optional.empty(), false))
                .inputs().get(0));
    }

    @Test
    void aConvolutionWritesZerosIntoThePaddingOfDirtyMemory() {
        Spec x = Spec.of(DataType.FLOAT64, 1, 3, 4, 4);
        Spec w = Spec.of(DataType.FLOAT64, 5, 3, 3, 3);
        Plan p = (Plan) plan(new Convolution(Window.of(3, 1, 1), 1), List.of(x, w), List.of(ANY, ANY), Optional.empty(),
                false);
        Buffer in = filled(Spec.of(x.type(), (int) p.inputs().get(0).elements(x)), 0);
        Buffer filter = filled(Spec.of(x.type(), (int) p.inputs().get(1).elements(w)), 0);
        Buffer out = filled(Spec.of(x.type(), 16 * 8), Double.NaN);
        run(p, List.of(in, filter), List.of(out), null, null);
        for (double v : raw(out)) {
            assertEquals(0, v);
        }
    }

    @Test
    void paddingThatIsNotZeroIsNoticed() {
        Spec s = Spec.of(DataType.FLOAT32, 1, 3, 1, 1);
        Pooling op = new Pooling(Pooling.Kind.MEAN, Window.of(1), Pooling.Divisor.KERNEL, Pooling.Rounding.CEIL);
        Plan p = (Plan) plan(op, List.of(s), List.of(ANY), Optional.empty(), false);
        Buffer in = filled(Spec.of(DataType.FLOAT32, 4), 1);
        Buffer out = filled(Spec.of(DataType.FLOAT32, 4), 0);
        IllegalStateException e = assertThrows(IllegalStateException.class,
                () -> run(p, List.of(in), List.of(out), null, null));
        assertEquals("odd: input 0 of mean [1, 3, 1, 1] in layout nhwc4: padding lane 3 of place 0 holds 1.0; "
                + "expected: 0", e.getMessage());
    }

    @Test
    void theGradientOfAMaximumInsistsOnTheSavedPositions() {
        Pooling op = new Pooling(Pooling.Kind.MAX, Window.of(2), null, Pooling.Rounding.CEIL);
        Spec x = Spec.of(DataType.FLOAT32, 1, 1, 2, 2);
        Spec y = op.infer(x);
        List<Spec> in = List.of(x, y, y);
        Refusal no = assertInstanceOf(Refusal.class, plan(new PoolingGradient(op), in, List.of(ANY, ANY, ANY),
                Optional.empty(), false));
        assertEquals("the gradient of the maximum reads the positions that the forward kernel saved, "
                + "found no forward plan", no.why());
        Plan forward = (Plan) plan(op, List.of(x), List.of(ANY), Optional.empty(), true);
        assertEquals(DataType.INT32, forward.saved().type());
        Plan gradient = (Plan) plan(new PoolingGradient(op), in, List.of(ANY, ANY, ANY), Optional.of(forward), false);
        assertTrue(gradient.readsSaved());
        assertFalse(gradient.reads(0) || gradient.reads(1));
        Plan alone = (Plan) plan(op, List.of(x), List.of(ANY), Optional.empty(), false);
        assertEquals(0, alone.saved().elements());
    }

    @Test
    void itRefusesGroupsDilationAndTheValidDivisor() {
        Spec x = Spec.of(DataType.FLOAT32, 1, 4, 5, 5);
        Offer grouped = plan(new Convolution(Window.of(3), 2), List.of(x, Spec.of(DataType.FLOAT32, 2, 2, 3, 3)),
                List.of(ANY, ANY), Optional.empty(), false);
        assertEquals(new Refusal("groups must be 1, found 2"), grouped);
        Window dilated = new Window(org.mocha4j.api.Size.of(2), null, null, org.mocha4j.api.Size.of(2));
        assertEquals(new Refusal("dilation must be 1x1, found 2x2"), plan(new Convolution(dilated, 1),
                List.of(x, Spec.of(DataType.FLOAT32, 2, 4, 2, 2)), List.of(ANY, ANY), Optional.empty(), false));
        assertEquals(new Refusal("divisor must be KERNEL or PADDED, found VALID"), plan(new Pooling(Pooling.Kind.MEAN,
                Window.of(2), Pooling.Divisor.VALID, Pooling.Rounding.CEIL), List.of(x), List.of(ANY), Optional.empty(),
                false));
    }

    @Test
    void anUpdateIsLeftOutOnceTheStatusWordIsSet() {
        Spec w = Spec.of(DataType.FLOAT32, 3);
        Spec one = Spec.of(DataType.FLOAT32);
        Plan p = (Plan) plan(new SgdUpdate(), List.of(w, w, w, one, one), Collections.nCopies(5, Layout.PLAIN),
                Optional.empty(), false);
        assertTrue(p.predicated() && p.inPlace(0, 0) && p.inPlace(2, 1));
        Buffer weights = filled(w, 1);
        Buffer history = filled(w, 0);
        Buffer status = buffer(DataType.INT64, 4);
        List<Buffer> in = List.of(weights, filled(w, 2), history, filled(one, 0.5), filled(one, 0));
        run(p, in, List.of(weights, history), null, status);
        assertEquals(0, raw(weights)[0]);
        device.upload(HostTensor.wrap(Spec.of(DataType.INT64, 4), new long[] {1, 0, 0, 0}), status);
        run(p, in, List.of(weights, history), null, status);
        assertEquals(0, raw(weights)[0]);
    }

    @Test
    void aProgramIsOneCallUnlessAStepOfOthersStandsBetween() {
        Spec s = Spec.of(DataType.FLOAT32, 2);
        Plan p = (Plan) plan(new Affine(2, 0), List.of(s), List.of(Layout.PLAIN), Optional.empty(), false);
        Buffer x = filled(s, 1);
        Binding b = new Binding(List.of(x), List.of(x), null, null, null);
        try (Device.Executable e = device.compile(List.of(p.bind(b), p.bind(b), p.bind(b)))) {
            e.run();
        }
        assertEquals(1, device.calls());
        assertEquals(8, raw(x)[0]);
        try (Device.Executable e = device.compile(List.of(p.bind(b), () -> { }, p.bind(b)))) {
            e.run();
        }
        assertEquals(3, device.calls());
    }

    @Test
    void freedMemoryHoldsNaN() {
        Spec s = Spec.of(DataType.FLOAT64, 2);
        Plan p = (Plan) plan(new Affine(2, 0), List.of(s), List.of(Layout.PLAIN), Optional.empty(), false);
        Buffer x = device.allocate(List.of(new Device.Allocation(s.type(), 2, "test"))).get(0);
        Buffer y = filled(s, 0);
        Device.Executable e = device.compile(List.of(p.bind(new Binding(List.of(x), List.of(y), null, null, null))));
        device.free(List.of(x));
        e.run();
        assertTrue(Double.isNaN(raw(y)[0]));
        assertEquals("odd: a buffer of 2 FLOAT64 was freed twice",
                assertThrows(DeviceException.class, () -> device.free(List.of(x))).getMessage());
    }

    @Test
    void buffersOfOthersAndUnknownOptionsAreErrors() {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, 1));
        assertTrue(assertThrows(DeviceException.class,
                () -> device.upload(t, HostBuffer.allocate(DataType.FLOAT32, 1))).getMessage()
                .startsWith("odd: not a buffer of this device"));
        assertEquals("backend odd: fast is yes; expected: the option fusion with on or off",
                assertThrows(ConfigurationException.class,
                        () -> new OddBackend().open(new DeviceOptions(0, false, Map.of("fast", "yes")))).getMessage());
    }
}
