package org.mocha4j.nativecpu.internal;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.PlanRequest;

/**
 * The gradients of filters and bias where images have few channels, straight from the images, see {@code direct.cpp}: float32, images
 * with channels last.
 */
record DirectWay(NativeDevice device) implements ConvolutionWay {
    private static final int MOST_CHANNELS = 4;

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public Optional<String> refusal(ConvolutionTask t) {
        Window w = t.op().window();
        Size one = Size.of(1);
        boolean fits = t.kind() == ConvolutionTask.Kind.FILTER && t.type() == DataType.FLOAT32 && t.op().groups() == 1
                && t.x().shape().dim(1) <= MOST_CHANNELS && w.stride().equals(one) && w.dilation().equals(one)
                && w.pad().w() < w.kernel().w() && w.pad().h() < w.kernel().h()
                && t.x().elements() > 0 && t.y().elements() > 0;
        return fits ? Optional.empty() : Optional.of("it is for gradients of filters in float32, images of at most "
                + MOST_CHANNELS + " channels, stride, dilation and groups of 1 and pads below the kernel");
    }

    @Override
    public NativePlan plan(ConvolutionTask t, PlanRequest r) {
        Code c = Code.of("direct filter", t.type()).shape(t.x().shape()).shape(t.filter().shape()).shape(t.y().shape())
                .size(t.op().window().pad()).flag(t.bias()).code();
        return new NativePlan("direct " + t.name(), c, List.of(Nhwc.of(t.x()), Nhwc.of(t.y())),
                Collections.nCopies(t.bias() ? 2 : 1, Layout.PLAIN), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(device.info(c).scratchBytes()));
    }
}
