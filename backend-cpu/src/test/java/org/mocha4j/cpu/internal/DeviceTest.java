package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Op;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Cast;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.Fold;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;
import org.mocha4j.api.ops.Tanh;
import org.mocha4j.api.ops.Transpose;
import org.mocha4j.api.ops.Unfold;

class DeviceTest {
    private static final List<Class<? extends Op>> OPS = List.of(Affine.class, Exp.class, Log.class, Tanh.class,
            Pow.class, Abs.class, Sign.class, Add.class, Multiply.class, Divide.class, Max.class, Select.class,
            Broadcast.class, Reduce.class, MatMul.class, Reshape.class, Transpose.class, Slice.class, Pad.class,
            Concatenate.class, Gather.class, ScatterAdd.class, Unfold.class, Fold.class, Cast.class, Random.class,
            Check.class, Convolution.class, ConvolutionDataGradient.class, ConvolutionFilterGradient.class,
            Pooling.class, PoolingGradient.class, Softmax.class, SoftmaxGradient.class, SoftmaxLoss.class,
            SoftmaxLossGradient.class, BatchNorm.class, BatchNormGradient.class, Bias.class, Dropout.class, Relu.class,
            ReluGradient.class, Sigmoid.class, SigmoidGradient.class, SgdUpdate.class, AdamUpdate.class,
            FusedElementwise.class, Commit.class);

    @Test
    void unknownOptionsAreRefused() {
        ConfigurationException e = assertThrows(ConfigurationException.class,
                () -> CpuBackend.cpu().open(new DeviceOptions(1, false, Map.of("vectors", "on"))));
        assertEquals("backend cpu has no option [vectors]; it has [vector]", e.getMessage());
        e = assertThrows(ConfigurationException.class,
                () -> CpuBackend.plain().open(new DeviceOptions(1, false, Map.of("vector", "on"))));
        assertEquals("backend reference has no option [vector]; it has []", e.getMessage());
        e = assertThrows(ConfigurationException.class, () -> CpuBackend.cpu().open(DeviceOptions.threads(-1)));
        assertEquals("threads is -1; expected: at least 1, or 0 for all processors", e.getMessage());
    }

    @Test
    void copiesArePlain() {
        try (Device d = Trial.cpu(2)) {
            Spec s = Spec.of(DataType.FLOAT32, 7);
            List<Buffer> b = d.allocate(List.of(new Allocation(DataType.FLOAT32, 9, "from"),
                    new Allocation(DataType.FLOAT32, 7, "to")));
            d.upload(Trial.random(DataType.FLOAT32, 1, 7), b.get(0));
            d.compile(List.of(d.reorder(s, Layout.PLAIN, Layout.PLAIN).bind(
                    new Binding(List.of(b.get(0)), List.of(b.get(1)), null, null, null)))).run();
            var t = org.mocha4j.api.HostTensor.allocate(s);
            d.download(b.get(1), t);
            assertArrayEquals(Trial.values(Trial.random(DataType.FLOAT32, 1, 7)), Trial.values(t));
            PlanException e = assertThrows(PlanException.class,
                    () -> d.reorder(s, Layout.PLAIN, new Layout.Named("nhwc")));
            assertTrue(e.getMessage().endsWith("knows only layout plain, found plain to nhwc for float32[7]"),
                    e.getMessage());
        }
    }

    @Test
    void memoryShortageNamesTheRequests() {
        Device d = Trial.reference();
        DeviceException e = assertThrows(DeviceException.class,
                () -> d.allocate(List.of(new Allocation(DataType.FLOAT32, 1L << 40, "arena"))));
        assertEquals("arena (1099511627776 float32) does not fit into one Java array of at most 2147483639 elements;"
                + " use a smaller batch", e.getMessage());
        List<Allocation> many = java.util.Collections.nCopies(400,
                new Allocation(DataType.FLOAT64, Integer.MAX_VALUE - 8, "blob conv1"));
        e = assertThrows(DeviceException.class, () -> d.allocate(many));
        assertTrue(e.getMessage().contains("has no room for 6553599 MiB: blob conv1 (2147483639 float64); "),
                e.getMessage());
        d.close();
        e = assertThrows(DeviceException.class, () -> d.allocate(List.of()));
        assertEquals("device reference, 1 thread is closed", e.getMessage());
    }

    @Test
    void everyOpHasAReferenceKernel() {
        List<String> missing = new ArrayList<>();
        try (Device d = Trial.reference()) {
            List<Class<?>> offered = d.kernels().stream().<Class<?>>map(Kernel::op).toList();
            for (Class<? extends Op> op : OPS) {
                if (!offered.contains(op)) {
                    missing.add(op.getSimpleName());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void partsRunOnceEachWhoeverRunsThem() throws InterruptedException {
        try (Pool pool = new Pool(3)) {
            Thread[] callers = new Thread[3];
            AtomicInteger wrong = new AtomicInteger();
            for (int c = 0; c < callers.length; c++) {
                callers[c] = new Thread(() -> {
                    for (int round = 0; round < 2000; round++) {
                        AtomicIntegerArray seen = new AtomicIntegerArray(round % 13);
                        pool.run(seen.length(), (part, slot) -> seen.incrementAndGet(part));
                        for (int i = 0; i < seen.length(); i++) {
                            wrong.addAndGet(seen.get(i) == 1 ? 0 : 1);
                        }
                    }
                });
                callers[c].start();
            }
            for (Thread t : callers) {
                t.join();
            }
            assertEquals(0, wrong.get());
        }
    }

    @Test
    void aFailingPartReachesTheCallerAndTheThreadsStop() {
        Pool pool = new Pool(2);
        assertThrows(IllegalStateException.class, () -> pool.run(8, (part, slot) -> {
            if (part == 5) {
                throw new IllegalStateException("part 5");
            }
        }));
        int[] sum = new int[8];
        pool.run(8, (part, slot) -> sum[part] = part);
        assertEquals(7, sum[7]);
        pool.close();
        assertTrue(pool.stopped());
    }
}
