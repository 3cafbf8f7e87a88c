package org.mocha4j.api.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Made by fusion: the run of element-wise ops that ends in a parameter's gradient (decay, scaling), and the update rule that reads
 * it, as one pass. The first inputs are the run's; outputs are the rule's.
 *
 * @param gradient a run with one result
 * @param rule     an update rule whose second input is the gradient: {@link SgdUpdate}, {@link AdamUpdate}
 * @param operands for each input of the rule but the gradient: which input of this op it is
 */
public record FusedUpdate(FusedElementwise gradient, Op rule, List<Integer> operands) implements Op {
    public FusedUpdate {
        operands = List.copyOf(operands);
    }

    @Override
    public List<Spec> infer(List<Spec> in) {
        List<Spec> all = new ArrayList<>();
        operands.forEach(o -> all.add(in.get(o)));
        all.add(1, gradient.infer(in.subList(0, gradient.inputs())).get(0));
        return rule.infer(all);
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        List<Value> all = new ArrayList<>();
        operands.forEach(o -> all.add(in.get(o)));
        all.add(1, g.op(gradient, in.subList(0, gradient.inputs()).toArray(Value[]::new)));
        return Optional.of(g.ops(rule, all.toArray(Value[]::new)));
    }

    /**
     * All of it as one run of element-wise ops, for kernels that run such; a run that is predicated is this op.
     * Empty where the rule is neither {@link SgdUpdate} nor {@link AdamUpdate}.
     *
     * @param in the number of inputs of this op
     */
    public Optional<FusedElementwise> run(int in) {
        return UpdateRun.of(this, in);
    }
}
