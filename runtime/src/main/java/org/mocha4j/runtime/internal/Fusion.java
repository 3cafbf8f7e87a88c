package org.mocha4j.runtime.internal;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.ConvolutionParameterGradients;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.Tanh;

/**
 * Turns convolution or matrix product + bias + activation into one op where the device offers a kernel for it and nobody
 * else needs what lies between; and the gradients of a convolution's filters and bias, which read the same, into one. Runs after
 * differentiation.
 */
final class Fusion {
    private final Ir ir;
    private final Kernels kernels;
    private final Map<Val, List<Vertex>> uses;
    private final Set<Vertex> saving;
    private final Map<Vertex, Op> fused = new IdentityHashMap<>();
    private final Map<Vertex, List<Vertex>> members = new IdentityHashMap<>();
    private final Set<Vertex> absorbed = new HashSet<>();
    /** Of a gradient of filters or bias: both, the filters' first. */
    private final Map<Vertex, List<Vertex>> gradients = new IdentityHashMap<>();

    private Fusion(Ir ir, Kernels kernels) {
        this.ir = ir;
        this.kernels = kernels;
        this.uses = Rewrite.uses(ir);
        this.saving = Rewrite.forwards(ir);
    }

    static Ir apply(Ir ir, Kernels kernels) {
        return new Fusion(ir, kernels).run();
    }

    private Ir run() {
        ir.vertices.forEach(this::match);
        ir.vertices.forEach(this::matchGradients);
        Rewrite r = new Rewrite(ir);
        Set<Vertex> done = new HashSet<>();
        for (Vertex v : ir.vertices) {
            if (gradients.containsKey(v)) {
                if (done.addAll(gradients.get(v))) {
                    both(r, gradients.get(v).get(0), gradients.get(v).get(1));
                }
            } else if (fused.containsKey(v)) {
                List<Vertex> group = members.get(v);
                Vertex product = group.get(0);
                List<Val> in = r.get(List.of(product.in.get(0), product.in.get(1), group.get(1).in.get(1)));
                r.to.direction = v.direction;
                List<Val> out = r.to.add(fused.get(v), in, v.layer, null);
                r.replace(v, out);
                group.forEach(m -> r.became(m, out.get(0).producer));
            } else if (!absorbed.contains(v)) {
                r.keep(v);
                r.became(v, r.get(v.out.get(0)).producer);
            }
        }
        return r.finish();
    }

    private static void both(Rewrite r, Vertex filter, Vertex bias) {
        r.to.direction = filter.direction;
        Op op = new ConvolutionParameterGradients(((ConvolutionFilterGradient) filter.op).forward());
        List<Val> out = r.to.add(op, r.get(filter.in), filter.layer, r.forward(filter));
        r.replace(filter, out.subList(0, 1));
        r.replace(bias, out.subList(1, 2));
        r.became(filter, out.get(0).producer);
        r.became(bias, out.get(0).producer);
    }

    private void matchGradients(Vertex filter) {
        if (!(filter.op instanceof ConvolutionFilterGradient g)) {
            return;
        }
        Val dy = filter.in.get(1);
        Op sum = new Reduce(Reduce.Kind.SUM, List.of(0, 2, 3));
        for (Vertex bias : uses.getOrDefault(dy, List.of())) {
            if (bias != null && bias.op.equals(sum) && !gradients.containsKey(bias) && reaches(filter, bias)
                    && kernels.offers(new ConvolutionParameterGradients(g.forward()), filter.inSpecs(), false)) {
                gradients.put(filter, List.of(filter, bias));
                gradients.put(bias, List.of(filter, bias));
                return;
            }
        }
    }

    /** Whether what the filters' gradient reads is there where the first of both gradients is computed. */
    private boolean reaches(Vertex filter, Vertex bias) {
        int first = Math.min(ir.vertices.indexOf(filter), ir.vertices.indexOf(bias));
        return filter.in.stream().allMatch(v -> v.producer == null || ir.vertices.indexOf(v.producer) < first);
    }

    private void match(Vertex bias) {
        if (!(bias.op instanceof Bias b) || bias.in.get(0).producer == null) {
            return;
        }
        Vertex product = bias.in.get(0).producer;
        int axis = bias.in.get(0).shape().axis(b.axis());
        if (only(product.out.get(0)) == null || !fits(product.op, axis, bias.in.get(0).shape().rank())) {
            return;
        }
        Vertex next = only(bias.out.get(0));
        List<Spec> in = List.of(product.in.get(0).spec(), product.in.get(1).spec(), bias.in.get(1).spec());
        boolean saves = saving.contains(product) || saving.contains(bias);
        if (next != null && (next.op instanceof Relu || next.op instanceof Sigmoid || next.op instanceof Tanh)
                && kernels.offers(fused(product.op, next.op), in, saves || saving.contains(next))) {
            note(next, fused(product.op, next.op), List.of(product, bias, next));
        } else if (kernels.offers(fused(product.op, null), in, saves)) {
            note(bias, fused(product.op, null), List.of(product, bias));
        }
    }

    private static boolean fits(Op product, int axis, int rank) {
        return product instanceof Convolution && axis == 1 || product instanceof MatMul && rank == 2 && axis == 1;
    }

    private static Op fused(Op product, Op activation) {
        return product instanceof Convolution c ? new ConvolutionBias(c, activation)
                : new MatMulBias((MatMul) product, activation);
    }

    private void note(Vertex last, Op op, List<Vertex> group) {
        fused.put(last, op);
        members.put(last, group);
        absorbed.addAll(group);
    }

    /** The one vertex that uses a value; null if there are others, or if it is a root. */
    private Vertex only(Val v) {
        List<Vertex> u = uses.getOrDefault(v, List.of());
        return u.size() == 1 ? u.get(0) : null;
    }
}
