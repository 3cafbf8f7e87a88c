package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Param;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Regularizer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Slots;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.runtime.StepInfo.Direction;
import org.mocha4j.runtime.TrainingOptions;

/**
 * The programs of training: {@code accumulate} computes objective and gradients of a batch, {@code apply} turns gradients into
 * updates. Gradients lie in storages between them.
 */
public final class TrainingGraph {
    public static final String OBJECTIVE = "objective";
    private final TrainingOptions options;
    private final Kernels kernels;
    private final DeviceMemory memory;
    private final boolean fuse;
    private final Set<String> frozen;
    /** Parameter → its gradient, in the order of the parameters; none of a frozen layer's. */
    public final Map<Storage, Storage> gradients = new LinkedHashMap<>();
    public final Map<String, Storage> slots;
    /** Parameters of frozen layers that would have a gradient: they have slots all the same. */
    private final Set<Storage> idle = new LinkedHashSet<>();

    /**
     * @param frozen names of layers whose parameters and states stay as they are
     * @param slots  what update rules keep; those that are missing are added
     */
    public TrainingGraph(TrainingOptions options, Set<String> frozen, Map<String, Storage> slots, Kernels kernels,
                         DeviceMemory memory, boolean fuse) {
        this.options = options;
        this.frozen = frozen;
        this.slots = slots;
        this.kernels = kernels;
        this.memory = memory;
        this.fuse = fuse;
    }

    /** @param add whether gradients are added to those that are there */
    public Program accumulate(NetGraph net, boolean add) {
        Ir ir = net.ir;
        Val objective = net.objective();
        if (objective == null) {
            throw new ConfigurationException("there is nothing to train: the net has no loss; add a layer such as SoftmaxLoss");
        }
        OpGraph g = ir.view("objective", null);
        Val checked = (Val) g.op(new Check(Check.Kind.FINITE, 0), objective);
        ir.reads.put(OBJECTIVE, options.reportPenalties() ? penalised(g, checked, net.trained()) : checked);
        Set<Storage> still = net.storagesOf(frozen);
        ir.assignments.removeIf(a -> still.contains(a.storage()));
        ir.direction = Direction.BACKWARD;
        List<Storage> parameters = net.trained().stream().filter(s -> rate(s) > 0).toList();
        Map<Val, Val> seed = Map.of(objective, ir.constant(Array.scalar(ir.type(), 1)));
        List<Val> d = Autodiff.gradients(ir, seed, parameters.stream().map(ir::storage).toList());
        for (int i = 0; i < parameters.size(); i++) {
            Storage s = parameters.get(i);
            if (d.get(i) != null && still.contains(s)) {
                idle.add(s);
            } else if (d.get(i) != null) {
                Storage into = gradients.computeIfAbsent(s, k -> new Storage(k.name() + "___gradient", k.spec(), null, null,
                        0, memory));
                Value next = add ? Ops.add(g, ir.storage(into), d.get(i)) : d.get(i);
                ir.assignments.add(new Ir.Assignment(into, (Val) next));
            }
        }
        Set<Storage> mutable = new HashSet<>(net.storages);
        mutable.addAll(gradients.values());
        return Planner.plan(ir, kernels, mutable, new Assigner.Writing(new HashSet<>(gradients.values()), false), fuse);
    }

    /** The objective with the penalties of all parameters, for people only: gradients are taken without. */
    private Val penalised(OpGraph g, Val objective, List<Storage> parameters) {
        Value sum = objective;
        for (Storage s : parameters) {
            Regularizer r = s.param().regularizer();
            Value penalty = r == null || options.regularization() == 0 ? null : r.penalty(g, g.ir.storage(s));
            if (penalty != null) {
                sum = Ops.add(g, sum, Ops.affine(g, Ops.reshape(g, penalty, Shape.SCALAR), options.regularization(), 0));
            }
        }
        return (Val) sum;
    }

    /** The program that updates all parameters for which {@link #accumulate} found gradients. */
    public Program apply(Ir ir) {
        ir.direction = Direction.UPDATE;
        OpGraph plain = ir.view("solver", null);
        List<Value> d = new ArrayList<>();
        gradients.values().forEach(s -> d.add(Ops.affine(plain, ir.storage(s), 1.0 / options.accumulate(), 0)));
        List<Value> changed = d;
        for (GradientRule r : options.gradients()) {
            changed = r.apply(plain, changed);
            if (changed.size() != d.size()) {
                throw new ConfigurationException(r + " returned " + changed.size() + " gradients for " + d.size());
            }
        }
        int i = 0;
        for (Storage s : gradients.keySet()) {
            update(ir, s, changed.get(i++));
        }
        Ir scratch = new Ir(ir.type());
        idle.forEach(s -> update(scratch, s, scratch.storage(s)));   // only so that its slots are there
        Set<Storage> mutable = new HashSet<>(gradients.keySet());
        mutable.addAll(gradients.values());
        mutable.addAll(slots.values());
        return Planner.plan(ir, kernels, mutable, new Assigner.Writing(Set.of(), true), fuse);
    }

    private void update(Ir ir, Storage s, Value gradient) {
        Param p = s.param();
        Val w = ir.storage(s);
        RuleGraph g = new RuleGraph(ir, s);
        Value d = gradient;
        if (p.regularizer() != null && options.regularization() > 0) {
            Value penalty = p.regularizer().penalty(g, w);
            if (penalty != null) {
                Value seed = Ops.fill(g, penalty.spec(), options.regularization());
                Val of = Autodiff.gradients(ir, Map.of((Val) penalty, (Val) seed), List.of(w)).get(0);
                d = of == null ? d : Ops.add(g, d, of);
            }
        }
        options.rule().update(g, w, d, g);
        if (p.constraint() != null) {
            g.constrain(p);
        }
        ir.assignments.addAll(g.assigned.values());
    }

    static double rate(Storage s) {
        return s.param().rate() == null ? 1 : s.param().rate();
    }

    /** A learning rate multiplied by a parameter's own. */
    private record Scaled(Policy policy, double factor) implements Policy {
        @Override
        public double at(long iteration) {
            return policy.at(iteration) * factor;
        }
    }

    /** The number of completed updates. */
    private record Iteration() implements Policy {
        @Override
        public double at(long iteration) {
            return iteration;
        }
    }

    /** The graph as an update rule sees it for one parameter. */
    private final class RuleGraph extends OpGraph implements Slots {
        private final Storage parameter;
        private final Map<Storage, Ir.Assignment> assigned = new LinkedHashMap<>();

        RuleGraph(Ir ir, Storage parameter) {
            super(ir, parameter.name(), null);
            this.parameter = parameter;
        }

        @Override
        public Value state(String name) {
            String full = parameter.name() + "___" + name;
            return ir.storage(slots.computeIfAbsent(full, k -> new Storage(k, parameter.spec(), null, null, 0, memory)));
        }

        @Override
        public Value rate() {
            double local = TrainingGraph.rate(parameter);
            return local == 1 ? globalRate() : scalar("rate*" + local, new Scaled(options.rate(), local));
        }

        @Override
        public Value globalRate() {
            return scalar("rate", options.rate());
        }

        @Override
        public Value iteration() {
            return scalar("iteration", new Iteration());
        }

        @Override
        public void assign(Value state, Value next) {
            Storage s = Ir.vals(state)[0].storage();
            if (s == null || !s.spec().equals(next.spec())) {
                throw new ConfigurationException(options.rule() + " assigns " + next.spec() + " to " + state
                        + "; expected: the parameter or one of its slots, and a value of the same spec");
            }
            assigned.put(s, new Ir.Assignment(s, Ir.vals(next)[0]));
        }

        void constrain(Param p) {
            assigned.computeIfPresent(parameter, (s, a) ->
                    new Ir.Assignment(s, Ir.vals(p.constraint().project(this, a.next()))[0]));
        }
    }
}
