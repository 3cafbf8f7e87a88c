package org.mocha4j.nativecpu.internal;

import java.util.Optional;
import org.mocha4j.api.backend.PlanRequest;

/** Columns (im2col) and OpenBLAS' products, in layout plain; both types, and tensors without elements. */
record ColumnsWay(NativeDevice device) implements ConvolutionWay {
    @Override
    public String name() {
        return "columns";
    }

    @Override
    public Optional<String> refusal(ConvolutionTask t) {
        boolean both = t.kind() == ConvolutionTask.Kind.FILTER && t.bias();
        return both ? Optional.of("it gives the gradient of the filters alone") : Optional.empty();
    }

    @Override
    public NativePlan plan(ConvolutionTask t, PlanRequest r) {
        Code.Writer w = switch (t.kind()) {
            case FORWARD, INFERENCE -> OneDnnWay.geometry("columns forward", t).flag(t.bias()).flag(t.relu());
            case DATA -> OneDnnWay.geometry("columns data", t);
            case FILTER -> OneDnnWay.geometry("columns filter", t);
        };
        Code c = w.code();
        return NativePlan.plain("columns+gemm " + t.name(), c, r).withScratch(Workspaces.bytes(device.info(c).scratchBytes()));
    }
}
