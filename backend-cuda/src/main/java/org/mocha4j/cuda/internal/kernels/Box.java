package org.mocha4j.cuda.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.PlanException;

/**
 * A box of elements with two sets of strides, as {@code Axes} in {@code mocha.cuh} holds it. Axes of one element are left
 * out, neighbours that lie one in the other become one.
 */
record Box(long elements, long[] words) {
    /** As the kernels have them. */
    private static final int AXES = 12;

    static Box of(int[] extents, long[] first, long[] second) {
        List<long[]> axes = new ArrayList<>();
        long n = 1;
        for (int i = 0; i < extents.length; i++) {
            n *= extents[i];
            if (extents[i] != 1) {
                add(axes, new long[] {extents[i], first[i], second[i]});
            }
        }
        if (axes.size() > AXES) {
            throw new PlanException("cuda: tensors of at most " + AXES + " axes expected, found " + axes.size());
        }
        long[] words = new long[1 + 3 * AXES];
        words[0] = axes.size();
        for (int i = 0; i < axes.size(); i++) {
            for (int k = 0; k < 3; k++) {
                words[1 + k * AXES + i] = axes.get(i)[k];
            }
        }
        return new Box(n, words);
    }

    private static void add(List<long[]> axes, long[] axis) {
        if (!axes.isEmpty()) {
            long[] before = axes.get(axes.size() - 1);
            if (before[1] == axis[0] * axis[1] && before[2] == axis[0] * axis[2]) {
                axis[0] *= before[0];
                axes.set(axes.size() - 1, axis);
                return;
            }
        }
        axes.add(axis);
    }
}
