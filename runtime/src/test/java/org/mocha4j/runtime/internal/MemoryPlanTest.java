package org.mocha4j.runtime.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.runtime.StepInfo.Direction;

/** Which tensors share memory, checked by carrying out plans on memory that remembers who wrote it. */
class MemoryPlanTest {
    /** A plan that may overwrite inputs, leaves some unread, and saves. */
    private record Fake(int in, int out,
            Set<List<Integer>> pairs, Set<Integer> unread, Workspace saved, boolean readsSaved)
            implements Plan {
        static Fake of(int in, int out) {
            return new Fake(in, out, Set.of(), Set.of(), Workspace.NONE, false);
        }

        Fake over(int input, int output) {
            return new Fake(in, out, Set.of(List.of(input, output)), unread, saved, readsSaved);
        }

        Fake unread(int input) {
            return new Fake(in, out, pairs, Set.of(input), saved, readsSaved);
        }

        @Override
        public String kernel() {
            return "fake";
        }

        @Override
        public List<Layout> inputs() {
            return Collections.nCopies(in, Layout.PLAIN);
        }

        @Override
        public List<Layout> outputs() {
            return Collections.nCopies(out, Layout.PLAIN);
        }

        @Override
        public boolean reads(int input) {
            return !unread.contains(input);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return pairs.contains(List.of(input, output));
        }

        @Override
        public Step bind(Binding b) {
            return null;
        }
    }

    private static Tens tensor(int n) {
        return Tens.planned(Spec.of(DataType.FLOAT32, n), Layout.PLAIN);
    }

    private static PlannedStep step(Fake p, Tens saved, List<Tens> in, Tens... out) {
        return new PlannedStep("layer", null, Direction.FORWARD, p, null, in, List.of(out), saved, List.of());
    }

    @Test
    void memoryIsUsedAgainOnceNobodyReadsIt() {
        Tens a = tensor(8);
        Tens b = tensor(4);
        Tens c = tensor(9);
        List<MemoryPlan.Slot> slots = MemoryPlan.of(List.of(step(Fake.of(0, 1), null, List.of(), a),
                step(Fake.of(1, 1), null, List.of(a), b), step(Fake.of(1, 1), null, List.of(b), c)), List.of(),
                List.of(c));
        assertEquals(2, slots.size());
        assertEquals(a.slot, c.slot);
        assertEquals(9, slots.get(c.slot).elements);
        assertNotEquals(a.slot, b.slot);
    }

    @Test
    void anOutputTakesAnInputThatEndsWhereTheKernelPermits() {
        for (int variant = 0; variant < 4; variant++) {
            Tens a = tensor(8);
            Tens b = tensor(variant == 3 ? 7 : 8);
            Tens c = tensor(8);
            Fake p = variant == 1 ? Fake.of(1, 1) : Fake.of(1, 1).over(0, 0);
            MemoryPlan.of(List.of(step(Fake.of(0, 1), null, List.of(), a), step(p, null, List.of(a), b),
                    step(Fake.of(2, 1), null, variant == 2 ? List.of(a, b) : List.of(b, b), c)), List.of(), List.of(c));
            assertEquals(variant == 0, a.slot == b.slot, "variant " + variant);
        }
    }

    @Test
    void anInputThatIsReadTwiceIsNotOverwritten() {
        Tens a = tensor(8);
        Tens b = tensor(8);
        MemoryPlan.of(List.of(step(Fake.of(0, 1), null, List.of(), a),
                step(Fake.of(2, 1).over(0, 0), null, List.of(a, a), b)),
                List.of(), List.of(b));
        assertNotEquals(a.slot, b.slot);
    }

    @Test
    void anInputThatIsNotReadNeedsNoMemory() {
        for (boolean read : new boolean[] {true, false}) {
            Tens a = tensor(8);
            Tens b = tensor(8);
            Tens c = tensor(8);
            Fake p = read ? Fake.of(2, 1) : Fake.of(2, 1).unread(0);
            MemoryPlan.of(List.of(step(Fake.of(0, 1), null, List.of(), a), step(Fake.of(0, 1), null, List.of(), b),
                    step(p, null, List.of(a, b), c)), List.of(), List.of(c));
            assertEquals(read, a.slot != b.slot);
        }
    }

    @Test
    void viewsShareAndKeepMemory() {
        Tens a = tensor(8);
        Tens view = Tens.view(a, Spec.of(DataType.FLOAT32, 2, 4));
        Tens b = tensor(8);
        Tens c = tensor(8);
        MemoryPlan.of(List.of(step(Fake.of(0, 1), null, List.of(), a), step(Fake.of(0, 1), null, List.of(), b),
                step(Fake.of(2, 1).over(1, 0), null, List.of(view, b), c)), List.of(), List.of(c, view));
        assertSame(a, view.root());
        assertNotEquals(a.slot, b.slot);
        assertEquals(b.slot, c.slot);
        assertNotEquals(a.slot, c.slot);
    }

    /** Steps, and what a run of them must find. */
    private static final class Net {
        final List<PlannedStep> steps = new ArrayList<>();
        final List<PlannedStep> refresh = new ArrayList<>();
        final List<Tens> all = new ArrayList<>();
        final Set<Tens> reads = new HashSet<>();
        private final List<PlannedStep> saving = new ArrayList<>();
        private final Random r;

        Net(long seed) {
            r = new Random(seed);
            Tens source = tensor(4);
            for (int i = 0; i < r.nextInt(3); i++) {
                Tens t = tensor(4 + 4 * r.nextInt(2));
                refresh.add(step(Fake.of(1, 1), null, List.of(source), t));
                all.add(t);
            }
            int n = 3 + r.nextInt(25);
            for (int i = 0; i < n; i++) {
                steps.add(next());
            }
            all.stream().filter(t -> r.nextInt(6) == 0).forEach(reads::add);
        }

        private PlannedStep next() {
            List<Tens> in = new ArrayList<>();
            Set<Integer> unread = new HashSet<>();
            for (int i = 0; i < r.nextInt(4) && !all.isEmpty(); i++) {
                in.add(all.get(Math.max(0, all.size() - 1 - r.nextInt(6))));
                if (r.nextInt(8) == 0) {
                    unread.add(i);
                }
            }
            Tens[] out = new Tens[1 + r.nextInt(2)];
            Set<List<Integer>> pairs = new HashSet<>();
            for (int o = 0; o < out.length; o++) {
                out[o] = tensor(4 + 4 * r.nextInt(3));
                for (int i = 0; i < in.size(); i++) {
                    if (r.nextBoolean()) {
                        pairs.add(List.of(i, o));
                    }
                }
            }
            boolean saves = r.nextInt(6) == 0;
            PlannedStep of = !saves && !saving.isEmpty() && r.nextInt(3) == 0 ? saving.remove(0) : null;
            Fake p = new Fake(in.size(), out.length, pairs, unread,
                    saves ? new Workspace(DataType.FLOAT32, 8) : Workspace.NONE, of != null);
            PlannedStep s = step(p, saves ? Tens.work(p.saved()) : of == null ? null : of.saved(), in, out);
            if (saves) {
                saving.add(s);
            }
            for (Tens t : out) {
                all.add(r.nextInt(5) == 0 ? Tens.view(t, Spec.of(DataType.FLOAT32, 2, (int) t.elements / 2)) : t);
            }
            return s;
        }
    }

    private static void checkInput(Tens t, Object[] memory, String where) {
        assertSame(t.root(), memory[t.root().slot], where);
    }

    @Test
    void noTensorIsOverwrittenWhileItIsNeeded() {
        int shared = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Net net = new Net(seed);
            List<MemoryPlan.Slot> slots = MemoryPlan.of(net.steps, net.refresh, net.reads);
            Object[] memory = new Object[slots.size()];
            net.refresh.forEach(s -> memory[s.out().get(0).slot] = s.out().get(0));
            for (int run = 0; run < 2; run++) {
                for (int i = 0; i < net.steps.size(); i++) {
                    carryOut(net.steps.get(i), memory, "net " + seed + ", run " + run + ", step " + i);
                }
                for (Tens t : net.reads) {
                    checkInput(t, memory, "net " + seed + ", read in the end");
                }
            }
            net.all.forEach(t -> assertTrue(slots.get(t.root().slot).elements >= t.elements));
            shared += net.all.size() - Math.min(net.all.size(), slots.size());
        }
        assertTrue(shared > 10000, "memory is shared at all: " + shared);
    }

    private static void carryOut(PlannedStep s, Object[] memory, String where) {
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < s.in().size(); i++) {
            if (s.plan().reads(i)) {
                checkInput(s.in().get(i), memory, where + ", input " + i);
            }
        }
        for (int o = 0; o < s.out().size(); o++) {
            Tens t = s.out().get(o);
            assertTrue(taken.add(t.slot), where + ": two outputs share memory");
            for (int i = 0; i < s.in().size(); i++) {
                boolean same = s.plan().reads(i) && s.in().get(i).root().slot == t.slot;
                assertTrue(!same || s.plan().inPlace(i, o), where + ": output " + o + " over input " + i);
            }
        }
        if (s.plan().readsSaved()) {
            assertSame(s.saved(), memory[s.saved().slot], where + ", saved");
            assertTrue(taken.add(s.saved().slot), where + ": an output over the work space that is read");
        }
        s.out().forEach(t -> memory[t.slot] = t);
        if (s.plan().saved().elements() > 0) {
            assertTrue(taken.add(s.saved().slot), where + ": work space over an output");
            memory[s.saved().slot] = s.saved();
        }
    }
}
