package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Fold;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.Unfold;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** Rows by index, checks, windows as columns. */
final class IndexKernels {
    private IndexKernels() {
    }

    /** More elements than this are checked by several blocks. */
    private static final long MANY = 1 << 16;
    private static final long PARTS = 256;
    private static final int LABELS = 0;
    private static final int FINITE = 1;

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(Gather.class, IndexKernels::gather),
                new CudaKernel<>(ScatterAdd.class, IndexKernels::scatterAdd), new CudaKernel<>(Check.class, IndexKernels::check),
                new CudaKernel<>(Unfold.class, (op, r) -> columns("unfold", op.window(), r, r.inputs().get(0).shape())),
                new CudaKernel<>(Fold.class, (op, r) -> columns("fold", op.window(), r, r.outputs().get(0).shape())));
    }

    /** What is checked of n numbers, and what is reported if one does not pass. */
    record Condition(DataType type, long n, int kind, long limit, long code) {
        static Condition whole(DataType type, long n, long limit, long code) {
            return new Condition(type, n, LABELS, limit, code);
        }

        long scratchBytes() {
            return n > MANY ? 8 * PARTS : 0;
        }

        /** Adds the commands. */
        void add(Buffer x, Buffer scratch, Buffer status, List<Command> out) {
            Source s = Source.file("index", type);
            if (n == 0) {
                return;
            }
            if (n <= MANY) {
                out.add(Launch.blocks(s, "check", 1, new Arguments().whole(n, kind, limit, code).pointer(x).pointer(status)));
                return;
            }
            out.add(Launch.blocks(s, "check_parts", PARTS, new Arguments().whole(n, kind, limit).pointer(x).pointer(scratch)));
            out.add(new Launch(s, "check_report", 1, 1,
                    new Arguments().whole(PARTS, code).pointer(x).pointer(scratch).pointer(status)));
        }
    }

    private static Offer check(Check op, PlanRequest r) {
        long n = r.outputs().get(0).elements();
        boolean label = op.kind() == Check.Kind.LABEL;
        Condition c = new Condition(r.type(), n, label ? LABELS : FINITE, op.limit(), label ? Status.BAD_LABEL : Status.NOT_FINITE);
        CudaPlan copy = MoveKernels.copy(r.outputs().get(0));
        return CudaPlan.of("check", r, (b, out) -> {
            c.add(b.inputs().get(0), b.scratch(), b.status(), out);
            copy.commands().accept(b, out);
        }).withInPlace(Set.of(List.of(0, 0))).withScratch(c.scratchBytes());
    }

    private static Offer gather(Gather op, PlanRequest r) {
        Shape table = r.inputs().get(0).shape();
        long length = table.product(1, table.rank());
        long n = r.outputs().get(0).elements();
        Source s = Source.file("index", r.type());
        Condition c = Condition.whole(r.type(), r.inputs().get(1).elements(), table.dim(0), Status.BAD_INDEX);
        return CudaPlan.of("gather", r, (b, out) -> {
            c.add(b.inputs().get(1), b.scratch(), b.status(), out);
            if (n > 0 && table.dim(0) > 0) {
                out.add(Launch.each(s, "gather", n, new Arguments().whole(n, table.dim(0), length)
                        .pointer(b.inputs().get(0)).pointer(b.inputs().get(1)).pointer(b.outputs().get(0))));
            }
        }).withScratch(c.scratchBytes());
    }

    private static Offer scatterAdd(ScatterAdd op, PlanRequest r) {
        long n = r.outputs().get(0).elements();
        long count = r.inputs().get(0).elements();
        Source s = Source.file("index", r.type());
        Condition c = Condition.whole(r.type(), count, op.size(), Status.BAD_INDEX);
        return CudaPlan.of("scatter add", r, (b, out) -> {
            c.add(b.inputs().get(0), b.scratch(), b.status(), out);
            if (n > 0) {
                out.add(Launch.each(s, "scatter_add", n, new Arguments().whole(n, count, n / op.size())
                        .pointer(b.inputs().get(0)).pointer(b.inputs().get(1)).pointer(b.outputs().get(0))));
            }
        }).withScratch(c.scratchBytes());
    }

    private static Offer columns(String name, Window w, PlanRequest r, Shape images) {
        Size y = w.floor(images.dim(3), images.dim(2));
        long n = r.outputs().get(0).elements();
        Source s = Source.file("columns", r.type());
        return CudaPlan.of(name, r, (b, out) -> out.add(Launch.each(s, name, n, new Arguments().whole(n)
                .structure((long) images.dim(0) * images.dim(1), images.dim(2), images.dim(3), y.h(), y.w(), w.kernel().h(),
                        w.kernel().w(), w.stride().h(), w.stride().w(), w.pad().h(), w.pad().w(), w.dilation().h(),
                        w.dilation().w())
                .pointer(b.inputs().get(0)).pointer(b.outputs().get(0)))));
    }
}
