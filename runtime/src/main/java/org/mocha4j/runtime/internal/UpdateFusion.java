package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedUpdate;
import org.mocha4j.api.ops.PredicatedElementwise;
import org.mocha4j.api.ops.SgdUpdate;

/**
 * Joins the run of element-wise ops that ends in a gradient with the update rule that alone reads it; and has runs whose
 * results are only what parameters and states become write them in place. Each where the device offers that.
 */
final class UpdateFusion {
    private UpdateFusion() {
    }

    static Ir apply(Ir ir, Kernels kernels) {
        Map<Val, List<Vertex>> uses = Rewrite.uses(ir);
        Map<Vertex, FusedUpdate> fused = new IdentityHashMap<>();
        Map<Vertex, List<Val>> inputs = new IdentityHashMap<>();
        Map<Vertex, Vertex> absorbed = new IdentityHashMap<>();
        for (Vertex v : ir.vertices) {
            Vertex run = v.op instanceof SgdUpdate || v.op instanceof AdamUpdate ? v.in.get(1).producer : null;
            if (run != null && run.op instanceof FusedElementwise f && f.results().size() == 1
                    && uses.get(run.out.get(0)).size() == 1) {
                List<Val> in = new ArrayList<>(run.in);
                List<Integer> operands = new ArrayList<>();
                for (int i = 0; i < v.in.size(); i++) {
                    if (i != 1) {
                        operands.add(place(v.in.get(i), in));
                    }
                }
                FusedUpdate op = new FusedUpdate(f, v.op, operands);
                if (kernels.offers(op, in.stream().map(Val::spec).toList(), false)) {
                    fused.put(v, op);
                    inputs.put(v, in);
                    absorbed.put(run, v);
                }
            }
        }
        return rewrite(ir, fused, inputs, absorbed);
    }

    /** For programs in which nothing is assigned before the status word is as it will be. */
    static Ir predicate(Ir ir, Kernels kernels) {
        Set<Val> next = Collections.newSetFromMap(new IdentityHashMap<>());
        ir.assignments.forEach(a -> next.add(a.next()));
        Map<Val, List<Vertex>> uses = Rewrite.uses(ir);
        Rewrite r = new Rewrite(ir);
        for (Vertex v : ir.vertices) {
            boolean only = v.op instanceof FusedElementwise
                    && v.out.stream().allMatch(y -> next.contains(y) && uses.get(y).size() == 1);
            PredicatedElementwise op = only ? new PredicatedElementwise((FusedElementwise) v.op) : null;
            if (only && kernels.offers(op, v.inSpecs(), false)) {
                r.to.direction = v.direction;
                r.replace(v, r.to.add(op, r.get(v.in), v.layer, null));
            } else {
                r.keep(v);
            }
            r.became(v, r.get(v.out.get(0)).producer);
        }
        return r.finish();
    }

    private static int place(Val v, List<Val> in) {
        int i = in.indexOf(v);
        if (i < 0) {
            in.add(v);
        }
        return i < 0 ? in.size() - 1 : i;
    }

    private static Ir rewrite(Ir ir, Map<Vertex, FusedUpdate> fused, Map<Vertex, List<Val>> inputs, Map<Vertex, Vertex> absorbed) {
        Rewrite r = new Rewrite(ir);
        for (Vertex v : ir.vertices) {
            if (fused.containsKey(v)) {
                r.to.direction = v.direction;
                List<Val> out = r.to.add(fused.get(v), r.get(inputs.get(v)), v.layer, null);
                r.replace(v, out);
                r.became(v, out.get(0).producer);
            } else if (!absorbed.containsKey(v)) {
                r.keep(v);
                r.became(v, r.get(v.out.get(0)).producer);
            }
        }
        return r.finish();
    }
}
