package org.mocha4j.gputest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Counts tests, those of each type of numbers apart where their names say it, and prints what failed. */
final class Tally implements TestExecutionListener {
    private static final List<String> TYPES = List.of("float32", "float64");

    private static final class Count {
        int passed;
        int aborted;
        final List<String> failed = new ArrayList<>();
    }

    private final Map<String, Count> counts = new TreeMap<>();
    private TestPlan plan;
    private boolean reported;

    @Override
    public void testPlanExecutionStarted(TestPlan p) {
        plan = p;
    }

    /** From the class to the test, in words. */
    private String name(TestIdentifier t) {
        String own = t.getDisplayName();
        return plan.getParent(t).filter(p -> p.getParentId().isPresent()).map(p -> name(p) + " / " + own).orElse(own);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier t, TestExecutionResult r) {
        if (!t.isTest() && r.getStatus() == Status.SUCCESSFUL) {
            return;
        }
        String name = name(t);
        Count c = counts.computeIfAbsent(TYPES.stream().filter(name.toLowerCase(java.util.Locale.ROOT)::contains)
                .findFirst()
                .orElse(""), k -> new Count());
        if (r.getStatus() == Status.FAILED) {
            c.failed.add(name);
            System.out.println("FAILED " + name);
            r.getThrowable().ifPresent(e -> e.printStackTrace(System.out));
        } else if (r.getStatus() == Status.ABORTED && t.isTest()) {
            c.aborted++;
            System.out.println("skipped " + name + r.getThrowable().map(e -> ": " + e.getMessage()).orElse(""));
        } else if (t.isTest()) {
            c.passed++;
        }
    }

    @Override
    public void executionSkipped(TestIdentifier t, String reason) {
        System.out.println("skipped " + name(t) + ": " + reason);
    }

    /**
     * A row for each type, and one for the tests that name none.
     *
     * @param cut whether time ran out, so that all that can be said is a failure
     */
    synchronized void report(Report report, String what, boolean cut) {
        if (reported) {
            return;
        }
        reported = true;
        if (counts.values().stream().allMatch(c -> c.passed + c.failed.size() == 0)) {
            report.claim(what, cut ? "no test was done when time ran out" : "no test ran", false);
        }
        counts.forEach((type, c) -> {
            if (c.passed + c.failed.size() == 0) {
                return;
            }
            String figure = c.passed + " of " + (c.passed + c.failed.size()) + " pass"
                    + (c.aborted == 0 ? "" : ", " + c.aborted + " are not for this backend")
                    + (cut ? "; then time ran out" : "") + (c.failed.isEmpty() ? "" : "; the first that fails: "
                    + c.failed.get(0));
            report.claim(what + (type.isEmpty() ? "" : ", " + type), figure, c.failed.isEmpty() && !cut);
        });
    }
}
