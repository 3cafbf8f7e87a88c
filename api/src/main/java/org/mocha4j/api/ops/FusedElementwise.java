package org.mocha4j.api.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Made by fusion: a run of element-wise ops as one pass. Operand i below {@code inputs} is an input, of {@code shape} or of
 * one element, which is then repeated; operand {@code inputs + j} is the result of instruction j.
 *
 * @param results the operands that are outputs
 */
public record FusedElementwise(int inputs, List<Instruction> code, List<Integer> results, Shape shape) implements Op {
    /** One op and its operands. */
    public record Instruction(Elementwise op, List<Integer> operands) {
        public Instruction {
            operands = List.copyOf(operands);
        }
    }

    public FusedElementwise {
        code = List.copyOf(code);
        results = List.copyOf(results);
    }

    @Override
    public List<Spec> infer(List<Spec> in) {
        for (Spec s : in) {
            if (s.type() != in.get(0).type() || s.elements() != 1 && !s.shape().equals(shape)) {
                throw new ShapeException("a fused run over " + shape + " takes tensors of this shape or single numbers"
                        + " of one type, found " + in);
            }
        }
        return results.stream().map(r -> in.get(0).with(shape)).toList();
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        List<Value> v = new ArrayList<>();
        in.forEach(x -> v.add(x.shape().equals(shape) ? x
                : Ops.broadcast(g, Ops.reshape(g, x, Shape.SCALAR), shape)));
        for (Instruction i : code) {
            v.add(g.op(i.op(), i.operands().stream().map(v::get).toArray(Value[]::new)));
        }
        return Optional.of(results.stream().map(v::get).toList());
    }
}
