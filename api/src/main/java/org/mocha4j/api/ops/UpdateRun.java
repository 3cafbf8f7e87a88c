package org.mocha4j.api.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.ops.FusedElementwise.Instruction;

/** Writes the instructions of an update rule behind those of the gradient that it reads. */
final class UpdateRun {
    private final List<Instruction> code = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    private final List<Integer> operands;
    private final int inputs;
    private final int gradient;

    private UpdateRun(FusedUpdate op, int inputs) {
        this.operands = op.operands();
        this.inputs = inputs;
        int own = op.gradient().inputs();
        op.gradient().code().forEach(i -> code.add(new Instruction(i.op(), i.operands().stream()
                .map(o -> o < own ? o : o - own + inputs).toList())));
        int g = op.gradient().results().get(0);
        this.gradient = g < own ? g : g - own + inputs;
    }

    static Optional<FusedElementwise> of(FusedUpdate op, int inputs) {
        UpdateRun r = new UpdateRun(op, inputs);
        if (op.rule() instanceof SgdUpdate) {
            r.sgd();
        } else if (op.rule() instanceof AdamUpdate a) {
            r.adam(a);
        } else {
            return Optional.empty();
        }
        return Optional.of(new FusedElementwise(inputs, r.code, r.results, op.gradient().shape()));
    }

    private int add(Elementwise op, Integer... of) {
        code.add(new Instruction(op, List.of(of)));
        return inputs + code.size() - 1;
    }

    /** Operands: w, h, rate, momentum. */
    private void sgd() {
        int step = add(new Affine(-1, 0), add(new Multiply(), operands.get(2), gradient));
        int h = add(new Add(), add(new Multiply(), operands.get(3), operands.get(1)), step);
        results.add(add(new Add(), operands.get(0), h));
        results.add(h);
    }

    /** Operands: w, m, v, rate, c1, c2. */
    private void adam(AdamUpdate a) {
        int m = add(new Add(), add(new Affine(a.beta1(), 0), operands.get(1)),
                add(new Affine(1 - a.beta1(), 0), gradient));
        int square = add(new Multiply(), gradient, gradient);
        int v = add(new Add(), add(new Affine(a.beta2(), 0), operands.get(2)),
                add(new Affine(1 - a.beta2(), 0), square));
        int root = add(new Pow(0.5), add(new Multiply(), operands.get(5), v));
        int step = add(new Divide(), add(new Multiply(), operands.get(4), m),
                add(new Affine(1, a.epsilon()), root));
        results.add(add(new Add(), operands.get(0),
                add(new Affine(-1, 0), add(new Multiply(), operands.get(3), step))));
        results.add(m);
        results.add(v);
    }
}
