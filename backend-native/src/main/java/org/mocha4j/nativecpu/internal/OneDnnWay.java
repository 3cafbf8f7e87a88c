package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;

/** oneDNN: float32, images with channels last, filters in the layout that it likes best. */
record OneDnnWay(NativeDevice device) implements ConvolutionWay {
    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public Optional<String> refusal(ConvolutionTask t) {
        if (t.type() != DataType.FLOAT32) {
            return Optional.of("type must be float32, found " + t.type());
        }
        if (Stream.of(t.x(), t.filter(), t.y()).anyMatch(s -> s.elements() > Integer.MAX_VALUE)) {
            return Optional.of("it counts places within a tensor in 32 bits here and there");
        }
        boolean empty = t.x().elements() == 0 || t.filter().elements() == 0 || t.y().elements() == 0;
        return empty ? Optional.of("there are no elements") : Optional.empty();
    }

    @Override
    public NativePlan plan(ConvolutionTask t, PlanRequest r) {
        return switch (t.kind()) {
            case FORWARD, INFERENCE -> forward(t, r);
            case DATA -> data(t, r);
            case FILTER -> filter(t, r);
        };
    }

    private NativePlan forward(ConvolutionTask t, PlanRequest r) {
        Code c = geometry("convolution forward", t).layout(r.layouts().get(1)).flag(t.bias()).flag(t.relu()).code();
        NativeDevice.Info info = device.info(c);
        Layout filters = chosen(info);
        Code with = geometry("convolution forward", t).layout(filters).flag(t.bias()).flag(t.relu()).code();
        List<Layout> in = t.bias() ? List.of(Nhwc.of(t.x()), filters, Layout.PLAIN) : List.of(Nhwc.of(t.x()), filters);
        return plan(t, with, in, List.of(Nhwc.of(t.y())), info);
    }

    private NativePlan data(ConvolutionTask t, PlanRequest r) {
        NativeDevice.Info info = device.info(geometry("convolution data", t).layout(r.layouts().get(0)).code());
        Layout filters = chosen(info);
        Code with = geometry("convolution data", t).layout(filters).code();
        return plan(t, with, List.of(filters, Nhwc.of(t.y())), List.of(Nhwc.of(t.x())), info);
    }

    private NativePlan filter(ConvolutionTask t, PlanRequest r) {
        Layout wanted = r.forward().map(Plan::inputs).map(l -> l.get(1)).orElse(Layout.ANY);
        NativeDevice.Info info = device.info(geometry("convolution filter", t).layout(wanted).flag(t.bias()).code());
        Layout filters = chosen(info);
        Code with = geometry("convolution filter", t).layout(filters).flag(t.bias()).code();
        return plan(t, with, List.of(Nhwc.of(t.x()), Nhwc.of(t.y())),
                t.bias() ? List.of(filters, Layout.PLAIN) : List.of(filters), info);
    }

    private static NativePlan plan(ConvolutionTask t, Code c, List<Layout> in, List<Layout> out, NativeDevice.Info info) {
        return new NativePlan("oneDNN " + t.name(), c, in, out, NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(info.scratchBytes()));
    }

    static Code.Writer geometry(String name, ConvolutionTask t) {
        return Code.of(name, t.type()).shape(t.x().shape()).shape(t.filter().shape()).shape(t.y().shape())
                .window(t.op().window()).whole(t.op().groups());
    }

    private static Layout chosen(NativeDevice.Info info) {
        NativeDevice.Chosen c = info.chosen().get(0);
        return c.plain() ? Layout.PLAIN : new OpaqueLayout("filters", c.words(), c.elements());
    }
}
