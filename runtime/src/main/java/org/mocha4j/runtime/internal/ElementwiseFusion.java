package org.mocha4j.runtime.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.FusedElementwise;

/**
 * Gathers runs of element-wise ops over one shape into single passes, with repeated single numbers taken in, where the
 * device offers a kernel for them. A vertex joins a run, and joins two runs that it reads, unless something outside would
 * have to come between.
 */
final class ElementwiseFusion {
    private static final int MAX_OPS = 16;
    /** Of an update, so that every rule with its penalty is one run. */
    private static final int MAX_UPDATE_OPS = 24;
    private static final int MAX_INPUTS = 8;

    /** One run. */
    private static final class Group {
        final Set<Vertex> members = new LinkedHashSet<>();
        final org.mocha4j.api.Spec spec;
        FusedElementwise op;
        List<Val> inputs;
        List<Val> results;

        Group(org.mocha4j.api.Spec spec) {
            this.spec = spec;
        }
    }

    private final Ir ir;
    private final Kernels kernels;
    private final Map<Vertex, Group> groupOf = new IdentityHashMap<>();
    private final Map<Val, List<Vertex>> uses;
    private final Map<Vertex, Integer> order = new IdentityHashMap<>();
    private final int most;

    private ElementwiseFusion(Ir ir, Kernels kernels, boolean update) {
        this.most = update ? MAX_UPDATE_OPS : MAX_OPS;
        this.ir = ir;
        ir.vertices.forEach(v -> order.put(v, order.size()));
        this.kernels = kernels;
        this.uses = Rewrite.uses(ir);
    }

    /** @param update whether the graph updates parameters */
    static Ir apply(Ir ir, Kernels kernels, boolean update) {
        return Rewrite.prune(new ElementwiseFusion(ir, kernels, update).run());
    }

    private Ir run() {
        ir.vertices.forEach(this::place);
        Set<Group> groups = new LinkedHashSet<>();
        ir.vertices.forEach(v -> {
            Group g = groupOf.get(v);
            if (g != null && groups.add(g)) {
                describe(g);
            }
        });
        Emitter e = new Emitter();
        ir.vertices.forEach(e::emit);
        return e.rewrite.finish();
    }

    private void place(Vertex v) {
        if (!(v.op instanceof Elementwise)) {
            return;
        }
        Group joined = null;
        for (Val x : v.in) {
            Group g = x.producer == null ? null : groupOf.get(x.producer);
            if (g == null || g == joined || !g.spec.equals(v.out.get(0).spec())) {
                continue;
            }
            if (joined == null && mayJoin(v, g)) {
                joined = g;
            } else if (joined != null && mayMerge(v, joined, g)) {
                merge(joined, g);
            }
        }
        if (joined == null) {
            joined = new Group(v.out.get(0).spec());
        }
        joined.members.add(v);
        groupOf.put(v, joined);
    }

    /** Whether two runs that a vertex reads may become one: neither needs what the other must come before. */
    private boolean mayMerge(Vertex v, Group a, Group b) {
        Set<Vertex> all = new LinkedHashSet<>(a.members);
        all.addAll(b.members);
        all.add(v);
        if (all.size() > most || inputs(all).size() > MAX_INPUTS) {
            return false;
        }
        for (Vertex m : all) {
            for (Vertex u : before(m)) {
                if (!all.contains(u) && (needs(u, a, new HashSet<>()) || needs(u, b, new HashSet<>()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private void merge(Group into, Group other) {
        Set<Vertex> both = new HashSet<>(into.members);
        both.addAll(other.members);
        into.members.clear();
        both.stream().sorted(Comparator.comparingInt(order::get)).forEach(into.members::add);
        other.members.forEach(m -> groupOf.put(m, into));
    }

    private boolean mayJoin(Vertex v, Group g) {
        if (g.members.size() >= most) {
            return false;
        }
        Set<Object> seen = new HashSet<>();
        for (Val x : v.in) {
            if (x.producer != null && !g.members.contains(x.producer) && needs(x.producer, g, seen)) {
                return false;
            }
        }
        Set<Vertex> trial = new LinkedHashSet<>(g.members);
        trial.add(v);
        return inputs(trial).size() <= MAX_INPUTS;
    }

    /** Whether a vertex depends on a run when all runs found so far are single steps. */
    private boolean needs(Vertex v, Group g, Set<Object> seen) {
        Deque<Vertex> open = new ArrayDeque<>(List.of(v));
        while (!open.isEmpty()) {
            Vertex next = open.pop();
            Group own = groupOf.get(next);
            if (own == g) {
                return true;
            }
            if (seen.add(own == null ? next : own)) {
                for (Vertex m : own == null ? Set.of(next) : own.members) {
                    before(m).forEach(open::push);
                }
            }
        }
        return false;
    }

    /** What must come before a vertex: what it reads, and the op that it is the gradient of, for its work space. */
    private static List<Vertex> before(Vertex v) {
        List<Vertex> all = new ArrayList<>();
        v.in.stream().filter(x -> x.producer != null).forEach(x -> all.add(x.producer));
        if (v.forward != null && !(v.op instanceof Elementwise)) {
            all.add(v.forward);
        }
        return all;
    }

    /** What a run reads; a repeated single number stands for its repetition. */
    private static List<Val> inputs(Set<Vertex> members) {
        Set<Val> in = new LinkedHashSet<>();
        for (Vertex m : members) {
            for (Val x : m.in) {
                if (x.producer == null || !members.contains(x.producer)) {
                    in.add(source(x));
                }
            }
        }
        return List.copyOf(in);
    }

    private static Val source(Val x) {
        return x.producer != null && x.producer.op instanceof Broadcast && x.producer.in.get(0).spec().elements() == 1
                ? x.producer.in.get(0) : x;
    }

    private void describe(Group g) {
        List<Val> in = inputs(g.members);
        Map<Val, Integer> operand = new HashMap<>();
        in.forEach(x -> operand.put(x, operand.size()));
        List<FusedElementwise.Instruction> code = new ArrayList<>();
        List<Val> results = new ArrayList<>();
        for (Vertex m : g.members) {
            code.add(new FusedElementwise.Instruction((Elementwise) m.op, m.in.stream().map(x ->
                    operand.containsKey(x) ? operand.get(x) : operand.get(source(x))).toList()));
            Val y = m.out.get(0);
            operand.put(y, in.size() + code.size() - 1);
            if (uses.getOrDefault(y, List.of()).stream().anyMatch(u -> u == null || !g.members.contains(u))) {
                results.add(y);
            }
        }
        FusedElementwise op = new FusedElementwise(in.size(), code, results.stream().map(operand::get).toList(),
                g.spec.shape());
        boolean shaped = in.stream().anyMatch(x -> x.shape().equals(g.spec.shape()));
        if (code.size() > 1 && shaped && kernels.offers(op, in.stream().map(Val::spec).toList(), false)) {
            g.op = op;
            g.inputs = in;
            g.results = results;
        }
    }

    /** Writes the new graph, each run as soon as all that it reads is there. */
    private final class Emitter {
        final Rewrite rewrite = new Rewrite(ir);
        private final Set<Object> done = new HashSet<>();

        void emit(Vertex v) {
            Group g = groupOf.get(v);
            if (g == null || g.op == null) {
                if (done.add(v)) {
                    before(v).forEach(this::emit);
                    rewrite.keep(v);
                    rewrite.became(v, rewrite.get(v.out.get(0)).producer);
                }
            } else if (done.add(g)) {
                g.members.forEach(m -> m.in.forEach(x -> {
                    if (!g.members.contains(x.producer)) {
                        need(source(x));
                    }
                }));
                rewrite.to.direction = v.direction;
                List<Val> out = rewrite.to.add(g.op, rewrite.get(g.inputs), v.layer, null);
                for (int i = 0; i < out.size(); i++) {
                    rewrite.replace(g.results.get(i).producer, List.of(out.get(i)));
                }
            }
        }

        private void need(Val x) {
            if (x.producer != null) {
                emit(x.producer);
            }
        }
    }
}
