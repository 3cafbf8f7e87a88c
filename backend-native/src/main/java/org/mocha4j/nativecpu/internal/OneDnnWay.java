package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.PlanException;
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
        Settled s = settled(r.layouts().get(1), l -> geometry("convolution forward", t).layout(l).flag(t.bias())
                .flag(t.relu()).code());
        return s.plan(t, t.bias() ? List.of(Nhwc.of(t.x()), s.filters, Layout.PLAIN)
                : List.of(Nhwc.of(t.x()), s.filters), List.of(Nhwc.of(t.y())));
    }

    private NativePlan data(ConvolutionTask t, PlanRequest r) {
        Settled s = settled(r.layouts().get(0), l -> geometry("convolution data", t).layout(l).code());
        return s.plan(t, List.of(s.filters, Nhwc.of(t.y())), List.of(Nhwc.of(t.x())));
    }

    private NativePlan filter(ConvolutionTask t, PlanRequest r) {
        Layout wanted = r.forward().map(Plan::inputs).map(l -> l.get(1)).orElse(Layout.ANY);
        Settled s = settled(wanted, l -> geometry("convolution filter", t).layout(l).flag(t.bias()).code());
        return s.plan(t, List.of(Nhwc.of(t.x()), Nhwc.of(t.y())),
                t.bias() ? List.of(s.filters, Layout.PLAIN) : List.of(s.filters));
    }

    /** A plan whose layout of filters is what it was asked for, and the scratch memory of just that plan. */
    private record Settled(Code code, Layout filters, long scratchBytes) {
        NativePlan plan(ConvolutionTask t, List<Layout> in, List<Layout> out) {
            return new NativePlan("oneDNN " + t.name(), code, in, out, NativePlan.Traits.NONE)
                    .withScratch(Workspaces.bytes(scratchBytes));
        }
    }

    /** Asks for the layout that was chosen until that is chosen: a plan for one may be cut otherwise than one for another. */
    private Settled settled(Layout wanted, Function<Layout, Code> plan) {
        Layout asked = wanted;
        for (int i = 0; i < 4; i++) {
            Code c = plan.apply(asked);
            NativeDevice.Info info = device.info(c);
            Layout chosen = chosen(info);
            // a plain layout is asked for as any
            if (chosen.equals(asked) || chosen.equals(Layout.PLAIN) && asked.equals(Layout.ANY)) {
                return new Settled(c, chosen, info.scratchBytes());
            }
            asked = chosen;
        }
        throw new PlanException("native: oneDNN settles on no layout of filters; take another way with --device plans=FILE");
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
