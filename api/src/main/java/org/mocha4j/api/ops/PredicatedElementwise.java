package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Made by fusion where all results of a run of element-wise ops are what parameters and states become: the run, by a
 * kernel that is predicated and may write each result over any input of its shape, so that no copies follow.
 * (inputs…) → the run's results.
 */
public record PredicatedElementwise(FusedElementwise run) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        return run.infer(in);
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        return Optional.of(g.ops(run, in.toArray(Value[]::new)));
    }
}
