package org.mocha4j.nativecpu.internal;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mocha4j.api.DataType;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;

/**
 * Decides which way a convolution is computed: as the device's plan file says; where that has no line for it, by timing all
 * ways if the device tunes; else by the shapes: short filters where an estimate has them faster, then the first of direct sums,
 * oneDNN and columns that can.
 */
final class ConvolutionChoice {
    private final NativeDevice device;
    private final Winograd winograd;
    private final List<ConvolutionWay> ways;

    ConvolutionChoice(NativeDevice device) {
        this.device = device;
        this.winograd = new Winograd(device);
        this.ways = List.of(winograd, new DirectWay(device), new OneDnnWay(device), new ColumnsWay(device));
    }

    Offer offer(ConvolutionTask t, PlanRequest r) {
        List<ConvolutionWay> able = ways.stream().filter(w -> w.refusal(t).isEmpty()).toList();
        if (able.isEmpty()) {
            return new Refusal(ways.stream().map(w -> w.name() + ": " + w.refusal(t).orElseThrow())
                    .collect(Collectors.joining("; ")));
        }
        Optional<PlanFile> file = device.plans();
        if (file.isEmpty() || t.type() != DataType.FLOAT32 || t.y().elements() == 0) {
            return estimated(able, t).plan(t, r);
        }
        Optional<PlanFile.Choice> known = file.get().choice(t.key());
        if (known.isEmpty() && !device.tunes()) {
            NativePlan p = estimated(able, t).plan(t, r);
            return p.named(p.kernel() + " (estimated: not in " + file.get().name() + ")");
        }
        return chosen(file.get(), known.orElseGet(() -> timed(able, t, r)), t, r);
    }

    private ConvolutionWay estimated(List<ConvolutionWay> able, ConvolutionTask t) {
        boolean second = able.get(0) == winograd && able.size() > 1 && !Winograd.faster(t);
        return able.get(second ? 1 : 0);
    }

    private PlanFile.Choice timed(List<ConvolutionWay> able, ConvolutionTask t, PlanRequest r) {
        PlanRequest free = new PlanRequest(r.device(), r.inputs(), r.outputs(),
                Collections.nCopies(r.inputs().size(), Layout.ANY), Optional.empty(), r.saves());
        Map<String, NativePlan> plans = able.stream().collect(Collectors.toMap(ConvolutionWay::name, w -> w.plan(t, free)));
        return device.plans().orElseThrow().add(t.key(), new PlanTimer(device, t, free).milliseconds(plans));
    }

    private NativePlan chosen(PlanFile file, PlanFile.Choice c, ConvolutionTask t, PlanRequest r) {
        ConvolutionWay way = ways.stream().filter(w -> w.name().equals(c.way())).findFirst().orElseThrow();
        way.refusal(t).ifPresent(why -> {
            throw new PlanException(file.place(c) + ": " + c.way() + " cannot compute this: " + why
                    + "; remove the line, or use another file");
        });
        NativePlan p = way.plan(t, r);
        return p.named(p.kernel() + " (" + reason(file, c) + ")");
    }

    private static String reason(PlanFile file, PlanFile.Choice c) {
        if (!c.milliseconds().containsKey(c.way())) {
            return "as " + file.name() + " says";
        }
        String others = c.milliseconds().entrySet().stream().filter(e -> !e.getKey().equals(c.way()))
                .sorted(Map.Entry.comparingByValue()).map(e -> "; " + e.getKey() + " " + text(e.getValue()))
                .collect(Collectors.joining());
        return "tuned: " + text(c.milliseconds().get(c.way())) + others;
    }

    private static String text(double milliseconds) {
        return String.format(Locale.ROOT, milliseconds < 10 ? "%.2f ms" : "%.0f ms", milliseconds);
    }
}
