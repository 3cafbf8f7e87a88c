package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.Tanh;

class DeviceTest {
    private static String refusal(Map<String, String> options) {
        return assertThrows(ConfigurationException.class, () -> Options.of(new DeviceOptions(0, false, options))).getMessage();
    }

    @Test
    void optionsAreChecked() {
        assertEquals("backend cuda has no option [vector]; it has [device, graphs, memoryLimit, tf32]",
                refusal(Map.of("vector", "off")));
        assertEquals("device is -1; expected: a number from 0 on", refusal(Map.of("device", "-1")));
        assertEquals("tf32 is yes; expected: on or off", refusal(Map.of("tf32", "yes")));
        assertEquals("memoryLimit is 8T; expected: a number of bytes, or with M or G: 512M, 8G",
                refusal(Map.of("memoryLimit", "8T")));
        assertEquals(new Options(0, true, false, 0, false), Options.of(DeviceOptions.DEFAULT));
        assertEquals(new Options(2, false, true, 3L << 30, true), Options.of(new DeviceOptions(0, true,
                Map.of("device", "2", "graphs", "off", "tf32", "on", "memoryLimit", "3G"))));
    }

    @Test
    void aShortageNamesWhoPlannedWhat() {
        try (Rig r = new Rig(Map.of("memoryLimit", "1M"))) {
            Buffer first = r.allocate(DataType.FLOAT32, 1 << 17);
            List<Allocation> more = List.of(new Allocation(DataType.FLOAT32, 10, "rate"),
                    new Allocation(DataType.FLOAT64, 1 << 16, "arena of training"));
            assertEquals("cuda device 0 (a stand-in) has no room within memoryLimit 1.0 MiB for 512.0 KiB: "
                    + "arena of training 512.0 KiB, rate 0.0 KiB. In use: 512.0 KiB: test 512.0 KiB. "
                    + "Use a smaller batch or a larger memoryLimit",
                    assertThrows(DeviceException.class, () -> r.device.allocate(more)).getMessage());
            assertEquals(1 << 17, first.elements());
        }
        try (Rig r = new Rig(Map.of())) {
            assertEquals("cuda device 0 (a stand-in) has no room for 4194304.0 MiB: blob 4194304.0 MiB. "
                    + "In use: 0.0 KiB: test 0.0 KiB. Use a smaller batch",
                    assertThrows(DeviceException.class, () -> r.device.allocate(
                            List.of(new Allocation(DataType.FLOAT32, 1L << 40, "blob")))).getMessage());
        }
    }

    @Test
    void aRequestIsOneBlockWhosePiecesLieAtMultiplesOf256AndAreZero() {
        try (Rig r = new Rig(Map.of())) {
            List<Buffer> b = r.device.allocate(List.of(new Allocation(DataType.FLOAT32, 3, "a"),
                    new Allocation(DataType.FLOAT64, 33, "b"), new Allocation(DataType.FLOAT32, 0, "empty")));
            assertEquals(List.of("allocate 1024", "clear 1024"), r.driver.take("allocate", "clear"));
            b.forEach(x -> assertEquals(0, CudaBuffer.address(x) % 256));
            HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT64, 33));
            t.fill(1);
            r.device.download(b.get(1), t);
            assertArrayEquals(new double[33], t.doubles());
            r.device.free(b.subList(0, 2));
            assertEquals(List.of(), r.driver.take("free"));
            r.device.free(b.subList(2, 3));
            assertEquals(List.of("free"), r.driver.take("free"));
            assertEquals("cuda: a buffer of 3 FLOAT32 was freed twice",
                    assertThrows(DeviceException.class, () -> r.device.free(b.subList(0, 1))).getMessage());
        }
    }

    @Test
    void buffersAndTensorsMustFit() {
        try (Rig r = new Rig(Map.of())) {
            Buffer b = r.allocate(DataType.FLOAT32, 2);
            assertEquals("cuda: a buffer of 2 FLOAT32 does not fit float32[3]", assertThrows(DeviceException.class,
                    () -> r.device.upload(HostTensor.allocate(Spec.of(DataType.FLOAT32, 3)), b)).getMessage());
            assertEquals("cuda: knows only layout plain, found plain to nhwc for float32[7]", assertThrows(PlanException.class,
                    () -> r.device.reorder(Spec.of(DataType.FLOAT32, 7), Layout.PLAIN, new Layout.Named("nhwc"))).getMessage());
        }
    }

    @Test
    void aClosedDeviceSaysSo() {
        Rig r = new Rig(Map.of());
        r.close();
        assertEquals("device cuda, a stand-in, no versions is closed", assertThrows(DeviceException.class,
                () -> r.device.allocate(List.of())).getMessage());
    }

    @Test
    void convolutionsArePlannedOnceWithTheirWorkspace() {
        Spec x = Spec.of(DataType.FLOAT32, 2, 4, 9, 8);
        Spec f = Spec.of(DataType.FLOAT32, 6, 2, 3, 3);
        Convolution c = new Convolution(Window.of(3, 2, 1), 2);
        try (Rig r = new Rig(new DeviceOptions(0, true, Map.of()))) {
            CudaStep s = r.step(new ConvolutionBias(c, new Relu()), x, f, Spec.of(DataType.FLOAT32, 6));
            CudaPlan again = (CudaPlan) r.plan(c, x, f);
            assertEquals(250, again.scratch().elements());
            assertEquals("cuDNN convolution", again.kernel());
            assertEquals(List.of("Convolve", "Launch"), s.commands().stream().map(k -> k.getClass().getSimpleName()).toList());
            r.device.compile(List.of(s)).run();
            assertEquals(List.of("convolve FORWARD"), r.driver.take("convolve"));
            r.plan(new ConvolutionDataGradient(c, 9, 8), f, Spec.of(DataType.FLOAT32, 2, 6, 5, 4));
            assertEquals(List.of("plan convolution DATA fixed within 536870912: "
                    + "ConvolutionShape[type=FLOAT32, x=[2, 4, 9, 8], "
                    + "filter=[6, 2, 3, 3], y=[2, 6, 5, 4], window=" + c.window() + ", groups=2]"), r.driver.take("plan"));
        }
    }

    @Test
    void whatCannotBeDoneIsRefusedWithTheReason() {
        try (Rig r = new Rig(Map.of())) {
            Convolution c = new Convolution(Window.of(3), 1);
            Spec none = Spec.of(DataType.FLOAT32, 0, 1, 5, 5);
            Spec f = Spec.of(DataType.FLOAT32, 1, 1, 3, 3);
            assertEquals(new Refusal("tensors without elements"), r.plan(c, none, f));
            assertEquals(new Refusal("activation must be Relu, found Tanh"), r.plan(new ConvolutionBias(c, new Tanh()),
                    Spec.of(DataType.FLOAT32, 1, 1, 5, 5), f, Spec.of(DataType.FLOAT32, 1)));
        }
    }
}
