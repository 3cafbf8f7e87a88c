package org.mocha4j.cpu.internal.reference;

import static org.mocha4j.cpu.internal.reference.Reference.count;
import static org.mocha4j.cpu.internal.reference.Reference.inPlace;
import static org.mocha4j.cpu.internal.reference.Reference.kernel;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Cast;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Fold;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;
import org.mocha4j.api.ops.Unfold;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Images;
import org.mocha4j.cpu.internal.SimpleKernel;
import org.mocha4j.cpu.internal.Walk;

/** Ops that move elements to other places. */
final class MoveLoops {
    private MoveLoops() {
    }

    static List<Kernel<?>> kernels() {
        return List.of(kernel(Broadcast.class, MoveLoops::broadcast), reshape(),
                kernel(Transpose.class, MoveLoops::transpose), kernel(Slice.class, MoveLoops::slice),
                kernel(Pad.class, MoveLoops::pad),
                kernel(Concatenate.class, MoveLoops::concatenate), kernel(Gather.class, MoveLoops::gather),
                kernel(ScatterAdd.class, MoveLoops::scatterAdd),
                kernel(Unfold.class, (op, r, b) -> columns(r, b, false,
                        images(op.window(), r.inputs().get(0).shape()))),
                kernel(Fold.class, (op, r, b) -> columns(r, b, true,
                        images(op.window(), r.outputs().get(0).shape()))),
                cast(), inPlace(Check.class, MoveLoops::check), commit());
    }

    /** Copies the elements that two walks over equal extents meet. */
    private static Step copy(Reals from, Walk source, Reals to, Walk target) {
        int n = target.count();
        return () -> {
            source.reset();
            target.reset();
            for (int i = 0; i < n; i++) {
                to.set(target.offset(), from.at(source.offset()));
                source.next();
                target.next();
            }
        };
    }

    private static int offset(List<Integer> index, int[] strides) {
        int o = 0;
        for (int i = 0; i < strides.length; i++) {
            o += index.get(i) * strides[i];
        }
        return o;
    }

    private static Step broadcast(Broadcast op, PlanRequest r, Binding b) {
        Shape x = r.inputs().get(0).shape();
        Shape y = op.to();
        int[] strides = new int[y.rank()];
        int lead = y.rank() - x.rank();
        for (int i = 0; i < x.rank(); i++) {
            strides[lead + i] = x.dim(i) == 1 ? 0 : x.strides()[i];
        }
        return copy(Reals.of(b.in(0)), new Walk(y.dims(), strides, 0), Reals.of(b.out(0)),
                new Walk(y.dims(), y.strides(), 0));
    }

    /** Any type; the planner makes it an alias wherever it can. */
    private static Kernel<Reshape> reshape() {
        return new SimpleKernel<>(Reshape.class, (op, r) -> new CpuPlan("reference", 1, 1, b -> {
            Object from = b.in(0).array();
            Object to = b.out(0).array();
            int n = count(r.outputs().get(0));
            return () -> System.arraycopy(from, 0, to, 0, n);
        }).withInPlace(CpuPlan.InPlace.FIRST));
    }

    /** Any type. Without room to work in place, a failed step hands the old state on. */
    private static Kernel<Commit> commit() {
        return new SimpleKernel<>(Commit.class, (op, r) -> new CpuPlan("reference", 2, 1, b -> {
            Object state = b.in(0).array();
            Object next = b.in(1).array();
            Object to = b.out(0).array();
            int n = count(r.outputs().get(0));
            return () -> {
                Object from = Status.clear(b.status()) ? next : state;
                if (from != to) {
                    System.arraycopy(from, 0, to, 0, n);
                }
            };
        }).asPredicated(CpuPlan.InPlace.FIRST));
    }

    private static Step transpose(Transpose op, PlanRequest r, Binding b) {
        int[] in = r.inputs().get(0).shape().strides();
        Shape y = r.outputs().get(0).shape();
        int[] strides = op.axes().stream().mapToInt(a -> in[a]).toArray();
        return copy(Reals.of(b.in(0)), new Walk(y.dims(), strides, 0), Reals.of(b.out(0)),
                new Walk(y.dims(), y.strides(), 0));
    }

    private static Step slice(Slice op, PlanRequest r, Binding b) {
        int[] in = r.inputs().get(0).shape().strides();
        Shape y = op.size();
        return copy(Reals.of(b.in(0)), new Walk(y.dims(), in, offset(op.from(), in)), Reals.of(b.out(0)),
                new Walk(y.dims(), y.strides(), 0));
    }

    private static Step pad(Pad op, PlanRequest r, Binding b) {
        Shape x = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        Reals out = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        Step copy = copy(Reals.of(b.in(0)), new Walk(x.dims(), x.strides(), 0), out,
                new Walk(x.dims(), y.strides(), offset(op.before(), y.strides())));
        return () -> {
            out.fill(n, op.value());
            copy.run();
        };
    }

    private static Step concatenate(Concatenate op, PlanRequest r, Binding b) {
        Shape y = r.outputs().get(0).shape();
        int axis = y.axis(op.axis());
        Step[] copies = new Step[r.inputs().size()];
        int at = 0;
        for (int i = 0; i < copies.length; i++) {
            Shape x = r.inputs().get(i).shape();
            copies[i] = copy(Reals.of(b.in(i)), new Walk(x.dims(), x.strides(), 0), Reals.of(b.out(0)),
                    new Walk(x.dims(), y.strides(), at * y.strides()[axis]));
            at += x.dim(axis);
        }
        return () -> {
            for (Step c : copies) {
                c.run();
            }
        };
    }

    private static boolean whole(double v, int limit) {
        return v >= 0 && v < limit && v == (int) v;
    }

    private static Step gather(Gather op, PlanRequest r, Binding b) {
        int rows = r.inputs().get(0).shape().dim(0);
        int n = count(r.inputs().get(1));
        int length = (int) r.inputs().get(0).shape().product(1, r.inputs().get(0).shape().rank());
        Reals table = Reals.of(b.in(0));
        Reals index = Reals.of(b.in(1));
        Reals y = Reals.of(b.out(0));
        return () -> {
            for (int i = 0; i < n; i++) {
                double v = index.at(i);
                if (!whole(v, rows)) {
                    Status.report(b.status(), Status.BAD_INDEX, i, v);
                }
                int row = whole(v, rows) ? (int) v : 0;
                for (int j = 0; j < length; j++) {
                    y.set(i * length + j, table.at(row * length + j));
                }
            }
        };
    }

    private static Step scatterAdd(ScatterAdd op, PlanRequest r, Binding b) {
        int n = count(r.inputs().get(0));
        int total = count(r.outputs().get(0));
        int length = op.size() == 0 ? 0 : total / op.size();
        Reals index = Reals.of(b.in(0));
        Reals rows = Reals.of(b.in(1));
        Reals y = Reals.of(b.out(0));
        return () -> {
            y.fill(total, 0);
            for (int i = 0; i < n; i++) {
                double v = index.at(i);
                if (!whole(v, op.size())) {
                    Status.report(b.status(), Status.BAD_INDEX, i, v);
                    continue;
                }
                for (int j = 0; j < length; j++) {
                    y.add((int) v * length + j, rows.at(i * length + j));
                }
            }
        };
    }

    private static Images images(org.mocha4j.api.Window w, Shape x) {
        org.mocha4j.api.Size out = w.floor(x.dim(3), x.dim(2));
        return Images.of(x, Shape.of(x.dim(0), 1, out.h(), out.w()), w, 1);
    }

    /** Images to columns, or columns added up into images. */
    private static Step columns(PlanRequest r, Binding b, boolean fold, Images g) {
        Reals image = Reals.of(fold ? b.out(0) : b.in(0));
        Reals columns = Reals.of(fold ? b.in(0) : b.out(0));
        int total = g.n() * g.c() * g.h() * g.w();
        return () -> {
            if (fold) {
                image.fill(total, 0);
            }
            for (int nc = 0; nc < g.n() * g.c(); nc++) {
                for (int k = 0; k < g.kh() * g.kw(); k++) {
                    for (int o = 0; o < g.oh() * g.ow(); o++) {
                        int y = g.row(o / g.ow(), k / g.kw());
                        int x = g.column(o % g.ow(), k % g.kw());
                        int at = (nc * g.kh() * g.kw() + k) * g.oh() * g.ow() + o;
                        int pixel = (nc * g.h() + y) * g.w() + x;
                        if (!fold) {
                            columns.set(at, g.inside(y, x) ? image.at(pixel) : 0);
                        } else if (g.inside(y, x)) {
                            image.add(pixel, columns.at(at));
                        }
                    }
                }
            }
        };
    }

    private static Kernel<Cast> cast() {
        return new SimpleKernel<>(Cast.class, (op, r) -> {
            if (!r.inputs().get(0).type().isFloat() || !op.to().isFloat()) {
                return new Refusal("casts are between float32 and float64, found " + r.inputs().get(0).type() + " to "
                        + op.to());
            }
            return new CpuPlan("reference", 1, 1, b -> {
                Reals x = Reals.of(b.in(0));
                Reals y = Reals.of(b.out(0));
                int n = count(r.outputs().get(0));
                return () -> {
                    for (int i = 0; i < n; i++) {
                        y.set(i, x.at(i));
                    }
                };
            });
        });
    }

    private static Step check(Check op, PlanRequest r, Binding b) {
        int n = count(r.outputs().get(0));
        Reals x = Reals.of(b.in(0));
        HostBuffer from = b.in(0);
        HostBuffer to = b.out(0);
        boolean label = op.kind() == Check.Kind.LABEL;
        long code = label ? Status.BAD_LABEL : Status.NOT_FINITE;
        return () -> {
            for (int i = 0; i < n; i++) {
                double v = x.at(i);
                if (label ? !whole(v, op.limit()) : !Double.isFinite(v)) {
                    Status.report(b.status(), code, i, v);
                    break;
                }
            }
            if (from.array() != to.array()) {
                System.arraycopy(from.array(), 0, to.array(), 0, n);
            }
        };
    }
}
