package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Add;

/** Reverse-mode differentiation: adds the vertices that compute gradients to the graph that they belong to. */
final class Autodiff {
    private final Ir ir;
    private final Set<Val> dependent = new HashSet<>();
    private final Map<Val, Val> gradients = new IdentityHashMap<>();

    private Autodiff(Ir ir) {
        this.ir = ir;
    }

    /**
     * The gradients of Σ seed · value with respect to some values; null where it does not depend on one.
     *
     * @param seeds value → the gradient with respect to it
     */
    static List<Val> gradients(Ir ir, Map<Val, Val> seeds, List<Val> wrt) {
        return new Autodiff(ir).run(new ArrayList<>(ir.vertices), seeds, wrt);
    }

    private List<Val> run(List<Vertex> vertices, Map<Val, Val> seeds, List<Val> wrt) {
        dependent.addAll(wrt);
        for (Vertex v : vertices) {
            if (v.in.stream().anyMatch(dependent::contains)) {
                dependent.addAll(v.out);
            }
        }
        seeds.forEach((value, seed) -> accumulate(value, seed, null));
        for (int i = vertices.size() - 1; i >= 0; i--) {
            Vertex v = vertices.get(i);
            boolean wanted = v.in.stream().anyMatch(dependent::contains)
                    && v.out.stream().anyMatch(gradients::containsKey);
            if (wanted) {
                propagate(v);
            }
        }
        List<Val> result = new ArrayList<>();
        wrt.forEach(w -> result.add(gradients.get(w)));
        return result;
    }

    private void propagate(Vertex v) {
        List<Value> dOut = new ArrayList<>();
        v.out.forEach(o -> dOut.add(gradients.get(o)));
        OpGraph g = ir.view(v.layer, v);
        Optional<List<Value>> d = v.op.gradient(g, List.copyOf(v.in), List.copyOf(v.out), dOut);
        List<Value> dIn = d.isPresent() ? d.get() : throughDecomposition(v, dOut);
        if (dIn.size() != v.in.size()) {
            throw new PlanException(v.op + " has " + v.in.size() + " inputs but its gradient gives " + dIn.size()
                    + " values; expected one per input, null where there is none");
        }
        for (int i = 0; i < dIn.size(); i++) {
            if (dIn.get(i) != null && dependent.contains(v.in.get(i))) {
                Val dx = Ir.vals(dIn.get(i))[0];
                if (!dx.spec().equals(v.in.get(i).spec())) {
                    throw new PlanException("the gradient of " + v.op + " with respect to input " + i + " is "
                            + dx.spec() + "; expected: the input's " + v.in.get(i).spec());
                }
                accumulate(v.in.get(i), dx, v);
            }
        }
    }

    /** Computes the op by simpler ones and differentiates those; what was there already is found again, not repeated. */
    private List<Value> throughDecomposition(Vertex v, List<Value> dOut) {
        List<Value> out = v.op.decompose(ir.view(v.layer, null), List.copyOf(v.in)).orElseThrow(() ->
                new PlanException("layer [" + v.layer + "]: " + v.op + " has neither a gradient nor a decomposition, but"
                        + " a parameter before it is trained; implement Op.gradient"));
        Map<Val, Val> seeds = new HashMap<>();
        for (int i = 0; i < out.size(); i++) {
            if (dOut.get(i) != null) {
                seeds.merge(Ir.vals(out.get(i))[0], Ir.vals(dOut.get(i))[0],
                        (a, b) -> ir.add(new Add(), List.of(a, b), v.layer, null).get(0));
            }
        }
        Set<Vertex> reached = Reach.to(seeds.keySet(), v.in);
        List<Vertex> part = ir.vertices.stream().filter(reached::contains).toList();
        List<Val> wrt = v.in.stream().distinct().toList();
        List<Val> d = new Autodiff(ir).run(part, seeds, wrt);
        List<Value> dIn = new ArrayList<>();
        Set<Val> given = new HashSet<>();
        for (Val x : v.in) {
            dIn.add(given.add(x) ? d.get(wrt.indexOf(x)) : null);
        }
        return dIn;
    }

    private void accumulate(Val value, Val d, Vertex forward) {
        String layer = forward == null ? null : forward.layer;
        gradients.merge(value, d, (a, b) -> ir.add(new Add(), List.of(a, b), layer, null).get(0));
    }
}
