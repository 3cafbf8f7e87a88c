package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;

/**
 * Times plans of one convolution on random numbers. Images come and go with channels last, as the rest of this backend has them, so
 * that a plan that wants them plain is timed with the copies. Filters lie as the plan wants them, since parameters do; where they
 * cannot live like that and change from run to run, their transform is part of the time.
 */
final class PlanTimer {
    private static final int LEAST = 5;
    private static final int MOST = 31;
    /** After which no further round is begun, once there are enough. */
    private static final long ENOUGH_NANOS = 300_000_000;

    private final NativeDevice device;
    private final ConvolutionTask task;
    private final PlanRequest request;

    PlanTimer(NativeDevice device, ConvolutionTask task, PlanRequest request) {
        this.device = device;
        this.task = task;
        this.request = request;
    }

    /** A plan with all that it needs to run. */
    private final class Trial implements AutoCloseable {
        private final List<Buffer> buffers = new ArrayList<>();
        private final List<Step> once = new ArrayList<>();
        private final List<Step> timed = new ArrayList<>();
        private final Executable run;
        private final double[] nanos = new double[MOST];

        Trial(Plan p) {
            try {
                List<Buffer> in = new ArrayList<>();
                for (int i = 0; i < request.inputs().size(); i++) {
                    in.add(input(request.inputs().get(i), p.inputs().get(i)));
                }
                List<Buffer> out = new ArrayList<>();
                List<Step> after = new ArrayList<>();
                for (int i = 0; i < request.outputs().size(); i++) {
                    Spec s = request.outputs().get(i);
                    Layout l = p.outputs().get(i);
                    Buffer b = buffer(s, l);
                    out.add(b);
                    if (images(s) && !l.equals(Nhwc.of(s))) {
                        after.add(copy(s, l, b, Nhwc.of(s), buffer(s, Nhwc.of(s))));
                    }
                }
                timed.add(bind(p, in, out));
                timed.addAll(after);
                try (Executable first = device.compile(once)) {
                    first.run();
                }
                run = device.compile(timed);
            } catch (RuntimeException e) {
                device.free(buffers);
                throw e;
            }
        }

        /** Random numbers in a layout. */
        private Buffer input(Spec s, Layout l) {
            Buffer random = buffer(s, Layout.PLAIN);
            device.upload(random(s), random);
            Layout home = images(s) ? Nhwc.of(s) : l.reversible() ? l : Layout.PLAIN;
            Buffer at = random;
            if (!home.equals(Layout.PLAIN)) {
                at = buffer(s, home);
                once.add(copy(s, Layout.PLAIN, random, home, at));
            }
            if (l.equals(home)) {
                return at;
            }
            Buffer b = buffer(s, l);
            boolean each = images(s) || task.kind() != ConvolutionTask.Kind.INFERENCE;
            (each ? timed : once).add(copy(s, home, at, l, b));
            return b;
        }

        private boolean images(Spec s) {
            return s.equals(task.x()) || s.equals(task.y());
        }

        private Step copy(Spec s, Layout from, Buffer x, Layout to, Buffer y) {
            return bind(device.reorder(s, from, to), List.of(x), List.of(y));
        }

        private Step bind(Plan p, List<Buffer> in, List<Buffer> out) {
            Buffer scratch = p.scratch().elements() == 0 ? null
                    : buffer(new Allocation(p.scratch().type(), p.scratch().elements(), "scratch"));
            Buffer status = buffer(new Allocation(DataType.INT64, Status.WORDS, "status"));
            return p.bind(new Binding(in, out, scratch, null, status));
        }

        private Buffer buffer(Spec s, Layout l) {
            return buffer(new Allocation(s.type(), l.elements(s), "numbers to time a convolution with"));
        }

        private Buffer buffer(Allocation a) {
            buffers.addAll(device.allocate(List.of(a)));
            return buffers.get(buffers.size() - 1);
        }

        void run(int round) {
            long start = System.nanoTime();
            run.run();
            nanos[round] = System.nanoTime() - start;
        }

        double median(int rounds) {
            double[] n = Arrays.copyOf(nanos, rounds);
            Arrays.sort(n);
            return n[rounds / 2];
        }

        @Override
        public void close() {
            run.close();
            device.free(buffers);
        }
    }

    private static HostTensor random(Spec s) {
        Random r = new Random(1);
        float[] x = new float[Math.toIntExact(s.elements())];
        for (int i = 0; i < x.length; i++) {
            x[i] = 2 * r.nextFloat() - 1;
        }
        return HostTensor.wrap(s, x);
    }

    /** The median of each, as exactly as a file tells it. They take turns, so that what slows the machine down meets all. */
    Map<String, Double> milliseconds(Map<String, ? extends Plan> plans) {
        Map<String, Trial> trials = new TreeMap<>();
        try {
            plans.forEach((name, p) -> trials.put(name, new Trial(p)));
            trials.values().forEach(t -> t.run(0));                   // caches and threads
            trials.values().forEach(t -> t.run(0));
            int rounds = 0;
            long start = System.nanoTime();
            while (rounds < LEAST || rounds < MOST && System.nanoTime() - start < ENOUGH_NANOS) {
                for (Trial t : trials.values()) {
                    t.run(rounds);
                }
                rounds++;
            }
            Map<String, Double> all = new TreeMap<>();
            for (Map.Entry<String, Trial> t : trials.entrySet()) {
                all.put(t.getKey(), Math.round(t.getValue().median(rounds) / 1e3) / 1e3);
            }
            return all;
        } finally {
            trials.values().forEach(Trial::close);
        }
    }
}
