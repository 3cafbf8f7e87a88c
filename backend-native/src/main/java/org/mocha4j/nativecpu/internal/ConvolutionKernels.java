package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.ConvolutionParameterGradients;
import org.mocha4j.api.ops.Relu;

/**
 * Convolution and its gradients: float32 by short filters where that is faster, else by oneDNN, images with channels last, filters in
 * oneDNN's layout; float64 by columns and products in layout plain.
 */
final class ConvolutionKernels {
    private final NativeDevice device;
    private final Winograd winograd;

    private ConvolutionKernels(NativeDevice device) {
        this.device = device;
        this.winograd = new Winograd(device);
    }

    static List<Kernel<?>> all(NativeDevice device) {
        ConvolutionKernels k = new ConvolutionKernels(device);
        return List.of(new NativeKernel<>(Convolution.class, (op, r) -> k.forward(op, null, r)),
                new NativeKernel<>(ConvolutionBias.class, (op, r) -> k.forward(op.convolution(), op.activation(), r)),
                new NativeKernel<>(ConvolutionDataGradient.class, k::data),
                new NativeKernel<>(ConvolutionFilterGradient.class, (op, r) -> k.filter(op.forward(), r)),
                new NativeKernel<>(ConvolutionParameterGradients.class, (op, r) -> k.filter(op.forward(), r)));
    }

    private Offer forward(Convolution op, Op activation, PlanRequest r) {
        if (activation != null && !(activation instanceof Relu)) {
            return new Refusal("activation must be Relu, found " + activation.getClass().getSimpleName());
        }
        boolean bias = r.inputs().size() == 3;
        boolean relu = activation != null;
        Spec x = r.inputs().get(0);
        Spec filter = r.inputs().get(1);
        Spec y = r.outputs().get(0);
        String name = (bias ? "convolution+bias" : "convolution") + (relu ? "+relu" : "");
        if (columns(x, filter, y)) {
            Code c = geometry("columns forward", op, x, filter, y).flag(bias).flag(relu).code();
            return plain(name, c, r);
        }
        if (winograd.suits(op, x, y)) {
            return winograd.forward(op, x, filter, y, bias, relu, name);
        }
        Code c = geometry("convolution forward", op, x, filter, y).layout(r.layouts().get(1)).flag(bias).flag(relu).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = chosen(info, "filters");
        Code with = geometry("convolution forward", op, x, filter, y).layout(filters).flag(bias).flag(relu).code();
        List<Layout> in = bias ? List.of(Nhwc.of(x), filters, Layout.PLAIN) : List.of(Nhwc.of(x), filters);
        return new NativePlan("oneDNN " + name, with, in, List.of(Nhwc.of(y)), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    private Offer data(ConvolutionDataGradient op, PlanRequest r) {
        Spec x = r.outputs().get(0);
        Spec filter = r.inputs().get(0);
        Spec dy = r.inputs().get(1);
        if (columns(x, filter, dy)) {
            return plain("convolution data gradient", geometry("columns data", op.forward(), x, filter, dy).code(), r);
        }
        if (winograd.suitsData(op.forward(), x, dy)) {
            return winograd.data(op.forward(), x, filter, dy);
        }
        Code c = geometry("convolution data", op.forward(), x, filter, dy).layout(r.layouts().get(0)).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = chosen(info, "filters");
        Code with = geometry("convolution data", op.forward(), x, filter, dy).layout(filters).code();
        return new NativePlan("oneDNN convolution data gradient", with, List.of(filters, Nhwc.of(dy)), List.of(Nhwc.of(x)),
                NativePlan.Traits.NONE).withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    /** Of the filters, and of the bias where there is a second output. */
    private Offer filter(Convolution op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        Spec filter = r.outputs().get(0);
        Spec dy = r.inputs().get(1);
        boolean bias = r.outputs().size() == 2;
        String name = bias ? "convolution parameter gradients" : "convolution filter gradient";
        if (columns(x, filter, dy)) {
            return bias ? new Refusal("of float32 only") : plain(name, geometry("columns filter", op, x, filter, dy).code(), r);
        }
        if (winograd.suits(op, x, dy)) {
            return winograd.filter(op, x, filter, dy, bias, name);
        }
        Layout wanted = r.forward().map(Plan::inputs).map(l -> l.get(1)).orElse(Layout.ANY);
        Code c = geometry("convolution filter", op, x, filter, dy).layout(wanted).flag(bias).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = chosen(info, "filters");
        Code with = geometry("convolution filter", op, x, filter, dy).layout(filters).flag(bias).code();
        return new NativePlan("oneDNN " + name, with, List.of(Nhwc.of(x), Nhwc.of(dy)),
                bias ? List.of(filters, Layout.PLAIN) : List.of(filters), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    /** Whether oneDNN has nothing for it; it counts places within a tensor in 32 bits here and there. */
    private static boolean columns(Spec x, Spec filter, Spec y) {
        return x.type() != DataType.FLOAT32 || Stream.of(x, filter, y).anyMatch(s -> s.elements() == 0
                || s.elements() > Integer.MAX_VALUE);
    }

    private NativePlan plain(String name, Code c, PlanRequest r) {
        return NativePlan.plain("columns+gemm " + name, c, r).withScratch(Workspaces.bytes(device.info(c).scratchBytes()));
    }

    private static Code.Writer geometry(String name, Convolution op, Spec x, Spec filter, Spec y) {
        return Code.of(name, x.type()).shape(x.shape()).shape(filter.shape()).shape(y.shape()).window(op.window())
                .whole(op.groups());
    }

    private static Layout chosen(NativeDevice.Info info, String name) {
        NativeDevice.Chosen c = info.chosen().get(0);
        return c.plain() ? Layout.PLAIN : new OpaqueLayout(name, c.words(), c.elements());
    }
}
