package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.nativecpu.internal.ConvolutionTask.Kind;

/** Estimates against what was faster where both ways were timed, by {@code --tune} on a machine with AVX-512. */
class WinogradTest {
    @ParameterizedTest
    @CsvSource({
        // SqueezeNet's expand3x3 one image at a time: short filters 0.06 to 0.13 ms, oneDNN 0.14 to 0.27
        "INFERENCE, 1, 16, 56, 64, 3, 1, true", "INFERENCE, 1, 32, 28, 128, 3, 1, true",
        "INFERENCE, 1, 48, 14, 192, 3, 1, true", "INFERENCE, 1, 64, 14, 256, 3, 1, true",
        // 16 at a time: 1.4 to 2.7 ms, oneDNN 2.3 to 4.6
        "INFERENCE, 16, 16, 56, 64, 3, 1, true", "INFERENCE, 16, 64, 14, 256, 3, 1, true",
        // many channels: 13.8 ms with the transform of the filters, oneDNN 18.4; their gradient 9.9, oneDNN 20.9
        "FORWARD, 16, 512, 8, 512, 3, 1, true", "DATA, 16, 512, 8, 512, 3, 1, true",
        "FILTER, 16, 512, 8, 512, 3, 1, true",
        // of 4 x 4 places: 6.1 ms, oneDNN 4.4; their gradient 3.6, oneDNN 6.3; filters that stay are transformed once
        "FORWARD, 16, 512, 4, 512, 3, 1, false", "DATA, 16, 512, 4, 512, 3, 1, false",
        "FILTER, 16, 512, 4, 512, 3, 1, true", "INFERENCE, 16, 512, 4, 512, 3, 1, true",
        "INFERENCE, 1, 512, 4, 512, 3, 1, false",
        // three channels: 2.4 ms, oneDNN 1.8
        "FORWARD, 16, 3, 64, 64, 3, 1, false",
        // the nets of the tutorials
        "FORWARD, 64, 20, 12, 50, 5, 0, true", "DATA, 64, 20, 12, 50, 5, 0, true", "FILTER, 64, 20, 12, 50, 5, 0, true",
        "FORWARD, 100, 32, 16, 32, 5, 2, true", "FORWARD, 100, 32, 8, 64, 5, 2, true",
        "DATA, 100, 32, 8, 64, 5, 2, true", "FILTER, 100, 32, 8, 64, 5, 2, true"})
    void theEstimateTakesTheWayThatWasFaster(Kind kind, int images, int channels, int extent, int filters, int kernel,
                                             int pad, boolean winograd) {
        Convolution op = new Convolution(Window.of(kernel, 1, pad), 1);
        Spec x = Spec.of(DataType.FLOAT32, images, channels, extent, extent);
        Spec filter = Spec.of(DataType.FLOAT32, filters, channels, kernel, kernel);
        ConvolutionTask task = new ConvolutionTask(kind, op, x, filter, op.infer(x, filter), false, false);
        assertEquals(winograd, Winograd.faster(task));
    }
}
