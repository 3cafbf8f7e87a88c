package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Value;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.ops.Reshape;

/** Replaces ops without a kernel by their decompositions, until every op has a kernel or is left to its host kernel. */
final class Lowering {
    private static final int MAX_DEPTH = 50;
    private final Kernels kernels;
    /** The last op that was decomposed in a pass. */
    private Vertex changed;

    private Lowering(Kernels kernels) {
        this.kernels = kernels;
    }

    /** @throws PlanException listing every refusal if an op has nothing */
    static Ir apply(Ir ir, Kernels kernels) {
        Lowering l = new Lowering(kernels);
        Ir now = ir;
        int passes = 0;
        do {
            if (passes++ == MAX_DEPTH) {
                throw new PlanException("layer [" + l.changed.layer + "]: the decomposition of " + l.changed.op
                        + " does not end; it must use simpler ops only");
            }
            l.changed = null;
            now = Rewrite.prune(l.pass(now));
        } while (l.changed != null);
        return now;
    }

    private Ir pass(Ir ir) {
        Rewrite r = new Rewrite(ir);
        Set<Vertex> saving = Rewrite.forwards(ir);
        for (Vertex v : ir.vertices) {
            Plan forward = forwardPlan(r.forward(v));
            Kernels.Choice c = v.op instanceof Reshape ? null
                    : kernels.chooseAny(v.op, v.inSpecs(), v.outSpecs(), forward, saving.contains(v));
            if (c == null || c.plan() != null) {
                r.keep(v);
                r.became(v, r.get(v.out.get(0)).producer);
                continue;
            }
            int before = r.to.vertices.size();
            r.to.direction = v.direction;
            Optional<List<Value>> parts = v.op.decompose(r.to.view(v.layer, null), List.copyOf(r.get(v.in)));
            if (parts.isPresent()) {
                List<Val> out = List.of(Ir.vals(parts.get().toArray(Value[]::new)));
                check(v, out);
                r.replace(v, out);
                List<String> origins = origins(v, c);
                r.to.vertices.subList(before, r.to.vertices.size()).forEach(p -> p.origins = origins);
                changed = v;
            } else if (v.op.hostKernel().isPresent()) {
                r.keep(v);
            } else {
                throw new PlanException("layer [" + v.layer + "]: nothing runs " + v.op + " of inputs " + v.inSpecs()
                        + " on " + kernels.device().description() + "; kernels: "
                        + (c.refusals().isEmpty() ? "none" : String.join("; ", c.refusals()))
                        + "; no decomposition; no host kernel");
            }
        }
        return r.finish();
    }

    private Plan forwardPlan(Vertex f) {
        return f == null || f.op instanceof Reshape ? null
                : kernels.chooseAny(f.op, f.inSpecs(), f.outSpecs(), null, true).plan();
    }

    private static List<String> origins(Vertex v, Kernels.Choice c) {
        List<String> all = new ArrayList<>(v.origins);
        all.add(v.op.getClass().getSimpleName() + " decomposed, "
                + (c.refusals().isEmpty() ? "no kernel" : String.join("; ", c.refusals())));
        return List.copyOf(all);
    }

    private static void check(Vertex v, List<Val> out) {
        if (!out.stream().map(Val::spec).toList().equals(v.outSpecs())) {
            throw new PlanException(v.op + " infers " + v.outSpecs() + " but its decomposition gives "
                    + out.stream().map(Val::spec).toList());
        }
    }
}
