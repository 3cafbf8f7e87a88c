package org.mocha4j.odd.internal;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Fold;
import org.mocha4j.api.ops.Unfold;

/** im2col and col2im of plain tensors. */
final class WindowKernels {
    private WindowKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(Unfold.class, (op, r) -> {
            Shape s = r.inputs().get(0).shape();
            Walk w = new Walk(op.window(), s.dim(0), s.dim(1), s.dim(2), s.dim(3));
            return plan("unfold", r, w, false);
        }), new OddKernel<>(Fold.class, (op, r) -> {
            Shape s = r.outputs().get(0).shape();
            Walk w = new Walk(op.window(), s.dim(0), s.dim(1), s.dim(2), s.dim(3));
            return plan("fold", r, w, true);
        }));
    }

    private static OddPlan plan(String name, PlanRequest r, Walk w, boolean fold) {
        return OddPlan.plain(name, r, b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            return () -> {
                if (fold) {
                    y.clear();
                }
                w.run(fold ? y : x, fold ? x : y, fold);
            };
        });
    }

    private record Walk(Window window, int n, int c, int h, int w) {
        void run(Memory image, Memory columns, boolean fold) {
            Size k = window.kernel();
            Size out = window.floor(w, h);
            int at = 0;
            for (int row = 0; row < n * c * k.h() * k.w(); row++) {
                int plane = row / (k.h() * k.w()) * h * w;
                int dy = row / k.w() % k.h() * window.dilation().h() - window.pad().h();
                int dx = row % k.w() * window.dilation().w() - window.pad().w();
                for (int oy = 0; oy < out.h(); oy++) {
                    for (int ox = 0; ox < out.w(); ox++, at++) {
                        int y = oy * window.stride().h() + dy;
                        int x = ox * window.stride().w() + dx;
                        boolean inside = y >= 0 && y < h && x >= 0 && x < w;
                        int i = plane + y * w + x;
                        if (!fold) {
                            columns.set(at, inside ? image.get(i) : 0);
                        } else if (inside) {
                            image.set(i, image.get(i) + columns.get(at));
                        }
                    }
                }
            }
        }
    }
}
