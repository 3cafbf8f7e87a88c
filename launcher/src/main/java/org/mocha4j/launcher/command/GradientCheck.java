package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Slots;
import org.mocha4j.api.Spec;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Tensors;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;

/**
 * Compares the gradients of a net's objective with central differences, (f(x + h) − f(x − h)) / 2h, in float64. All
 * evaluations are of one batch in step 0, so random masks are the same in each.
 *
 * <p>Near a kink of f, as rectifiers and maxima have them, a difference says nothing. A place counts as such where the
 * differences for h and h/4 disagree, or where those to the right and to the left disagree no less for h/4 than for h.
 */
final class GradientCheck {
    /** The largest error, relative to max(1, |analytic|, |numeric|), that is none. */
    static final double TOLERANCE = 1e-6;
    private static final double STEP = 1e-5;
    private static final double KINK = 1e-7;
    private static final double SPREAD = 0.1;
    /** Places to try for each that is wanted. */
    private static final int TRIES = 5;

    /**
     * What was found for one parameter.
     *
     * @param checked  places compared
     * @param kinks    places passed over
     * @param largest  magnitude among the gradients compared
     * @param error    the worst, relative; infinite where something is not finite
     * @param place    row-major index of the worst
     */
    record Row(String parameter, Spec spec, int checked, int kinks, double largest, double error, int place,
               double analytic, double numeric) {
        boolean right() {
            return checked > 0 && error <= TOLERANCE;
        }
    }

    private final Execution forward;
    private final Tensors parameters;
    private final int samples;
    private final Random random;

    private GradientCheck(Execution forward, Tensors parameters, int samples, long seed) {
        this.forward = forward;
        this.parameters = parameters;
        this.samples = samples;
        this.random = new Random(seed);
    }

    /**
     * Checks every trained parameter that has a gradient.
     *
     * @param samples places per parameter
     * @param seed    of the places
     * @throws DataException if the batch does not fit the net
     */
    static List<Row> run(Net net, int samples, long seed) {
        List<List<HostTensor>> batch = new ArrayList<>();
        net.data().forEach(d -> {
            List<HostTensor> tensors = d.specs().stream().map(HostTensor::allocate).toList();
            d.stream().next(tensors);
            batch.add(tensors);
        });
        try (Training t = net.training(TrainingOptions.of(new Nothing(), 0)); Execution forward = net.execution()) {
            GradientCheck c = new GradientCheck(forward, net.parameters(), samples, seed);
            forward.load(batch);
            net.trained().forEach(c::spread);
            t.accumulate(batch, 0, 0);
            t.status().ifPresent(s -> {
                throw t.explain(s, batch, 0);
            });
            List<Array> gradients = new ArrayList<>();
            List<String> names = net.trained().stream().filter(n -> t.gradients().names().contains(n + "___gradient"))
                .toList();
            names.forEach(n -> gradients.add(t.gradients().read(n + "___gradient")));
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                rows.add(c.check(names.get(i), gradients.get(i)));
            }
            return rows;
        }
    }

    /** A parameter of equal numbers, such as a bias of zeros, often puts the net right on kinks, so it is moved. */
    private void spread(String name) {
        Array at = parameters.read(name);
        for (int i = 1; i < at.elements(); i++) {
            if (at.at(i) != at.at(0)) {
                return;
            }
        }
        HostTensor moved = HostTensor.allocate(at.spec());
        for (int i = 0; i < moved.elements(); i++) {
            moved.set(i, at.at(i) + SPREAD * (2 * random.nextDouble() - 1));
        }
        parameters.write(name, moved.toArray());
    }

    private double objective() {
        forward.run(0);
        return forward.objective().orElseThrow();
    }

    private double objective(String name, Array at, int place, double step) {
        HostTensor moved = HostTensor.allocate(at.spec());
        at.copyTo(moved);
        moved.set(place, at.at(place) + step);
        parameters.write(name, moved.toArray());
        return objective();
    }

    private Row check(String name, Array gradient) {
        Array at = parameters.read(name);
        double here = objective();
        int elements = (int) at.elements();
        Row row = new Row(name, at.spec(), 0, 0, 0, 0, -1, 0, 0);
        Set<Integer> seen = new HashSet<>();
        while (row.checked() < samples && seen.size() < Math.min(elements, TRIES * samples)) {
            int place = elements <= samples ? seen.size() : random.nextInt(elements);
            if (seen.add(place)) {
                row = next(row, place, gradient.at(place), difference(name, at, place, here));
            }
        }
        parameters.write(name, at);
        return row;
    }

    private static Row next(Row r, int place, double analytic, double numeric) {
        if (Double.isNaN(numeric)) {
            return new Row(r.parameter(), r.spec(), r.checked(), r.kinks() + 1, r.largest(), r.error(), r.place(),
                r.analytic(), r.numeric());
        }
        double error = Math.abs(analytic - numeric) / scale(analytic, numeric);
        error = Double.isFinite(error) ? error : Double.POSITIVE_INFINITY;
        double largest = Math.max(r.largest(), Math.abs(analytic));
        return r.place() < 0 || error > r.error()
            ? new Row(r.parameter(), r.spec(), r.checked() + 1, r.kinks(), largest, error, place, analytic, numeric)
            : new Row(r.parameter(), r.spec(), r.checked() + 1, r.kinks(), largest, r.error(), r.place(), r.analytic(),
                r.numeric());
    }

    private static double scale(double a, double b) {
        return Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }

    /** The central difference; NaN at a kink, infinite where the objective is not finite. */
    private double difference(String name, Array at, int place, double here) {
        double up = objective(name, at, place, STEP);
        double down = objective(name, at, place, -STEP);
        double wide = (up - down) / (2 * STEP);
        double upNear = objective(name, at, place, STEP / 4);
        double downNear = objective(name, at, place, -STEP / 4);
        double near = (upNear - downNear) / (STEP / 2);
        if (!Double.isFinite(wide) || !Double.isFinite(near)) {
            return Double.POSITIVE_INFINITY;
        }
        double bend = Math.abs(up - 2 * here + down) / STEP;
        double bendNear = Math.abs(upNear - 2 * here + downNear) / (STEP / 4);
        double least = KINK * Math.max(scale(wide, near), Math.abs(here) / 10);
        return Math.abs(wide - near) > least || bendNear > least && bendNear > bend / 2 ? Double.NaN : wide;
    }

    /** Leaves every parameter as it is. */
    private record Nothing() implements UpdateRule {
        @Override public void update(Graph g, Value parameter, Value gradient, Slots state) { }
    }
}
