package org.mocha4j.runtime.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Shape;

/** Tensors written as numbers or as a reference to a file. */
final class ArrayBinder {
    private static final String EXPECTED = "a number, a list of numbers, a file, or {file: …, dataset: …}";
    private static final String DATASET = "mean";

    private final Binding binding;
    private final Path base;

    record Reference(String file, String dataset) {
    }

    ArrayBinder(Binding binding, Path base) {
        this.binding = binding;
        this.base = base;
    }

    Object bind(Tree tree, String what) {
        if (tree instanceof Tree.Sequence s) {
            return numbers(s, what);
        }
        if (tree instanceof Tree.Scalar s) {
            return switch (s.kind()) {
                case NUMBER -> Array.scalar(DataType.FLOAT64, Scalars.real(s.text()));
                case TEXT, QUOTED -> file(tree, s.text(), DATASET, what);
                default -> binding.mismatch(tree, what, EXPECTED);
            };
        }
        Object r = binding.records.bind(Reference.class, tree, what);
        if (!(r instanceof Reference reference)) {
            return Binding.FAILED;
        }
        if (reference.file() == null) {
            return binding.fail(tree.at(), what + ".file is missing; expected: a text");
        }
        return file(tree, reference.file(), reference.dataset() == null ? DATASET : reference.dataset(), what);
    }

    private Object file(Tree tree, String name, String dataset, String what) {
        try {
            Path file = base.resolve(name);
            var tensors = binding.catalog.formatOf(file).read(file).tensors();
            Array found = tensors.get(dataset);
            return found != null ? found : binding.fail(tree.at(), what + ": " + file + " has no dataset [" + dataset
                    + "]; it has " + tensors.keySet().stream().sorted().toList());
        } catch (MochaException | IllegalArgumentException e) {
            binding.problems.add(tree.at(), what + ": " + e.getMessage(), e);
        } catch (IOException e) {
            binding.problems.add(tree.at(), what + ": " + base.resolve(name) + " cannot be read: " + e.getMessage(), e);
        }
        return Binding.FAILED;
    }

    private Object numbers(Tree.Sequence s, String what) {
        List<Integer> dims = new ArrayList<>();
        for (Tree t = s; t instanceof Tree.Sequence q; t = q.items().isEmpty() ? null : q.items().get(0)) {
            dims.add(q.items().size());
        }
        List<Double> values = new ArrayList<>();
        if (!collect(s, dims, 0, values, what)) {
            return Binding.FAILED;
        }
        return Array.of(Shape.of(dims), values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private boolean collect(Tree tree, List<Integer> dims, int depth, List<Double> values, String what) {
        if (depth == dims.size()) {
            Object number = tree instanceof Tree.Scalar s ? Scalars.bind(double.class, s) : null;
            if (number == null) {
                binding.mismatch(tree, what, "a number");
                return false;
            }
            return values.add((Double) number);
        }
        if (!(tree instanceof Tree.Sequence s) || s.items().size() != dims.get(depth)) {
            binding.fail(tree.at(), what + " has " + (tree instanceof Tree.Sequence q ? "a list of " + q.items().size()
                    : tree.shown()) + " where others are lists of " + dims.get(depth) + "; expected: equal lengths");
            return false;
        }
        boolean good = true;
        for (int i = 0; i < s.items().size() && good; i++) {
            good = collect(s.items().get(i), dims, depth + 1, values, what + "[" + i + "]");
        }
        return good;
    }
}
