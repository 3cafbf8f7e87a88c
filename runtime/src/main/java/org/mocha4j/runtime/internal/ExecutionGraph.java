package org.mocha4j.runtime.internal;

import java.util.Set;
import org.mocha4j.api.ConfigurationException;

/** The roots of a forward program: blobs, batch sums of statistics, inputs of sinks, the objective. */
public final class ExecutionGraph {
    public static final String OBJECTIVE = "objective";

    private ExecutionGraph() {
    }

    public static String blob(String name) {
        return "blob " + name;
    }

    public static String statistic(int i) {
        return "statistic " + i;
    }

    public static String sink(int i, int k) {
        return "sink " + i + " " + k;
    }

    public static boolean hasObjective(Program p) {
        return p.reads.containsKey(OBJECTIVE);
    }

    /** @param whole with statistics, sinks and losses; else blobs only */
    public static Program plan(NetGraph g, Set<String> blobs, boolean whole, Kernels kernels, boolean fuse) {
        for (String b : blobs) {
            if (!g.blobs.containsKey(b)) {
                throw new ConfigurationException("there is no blob [" + b + "]; there are " + g.blobs.keySet());
            }
            g.ir.reads.put(blob(b), g.blobs.get(b));
        }
        g.ir.assignments.clear();
        if (whole) {
            for (int i = 0; i < g.statistics.size(); i++) {
                g.ir.reads.put(statistic(i), g.statistics.get(i).sums());
            }
            for (int i = 0; i < g.sinks.size(); i++) {
                for (int k = 0; k < g.sinks.get(i).values().size(); k++) {
                    g.ir.reads.put(sink(i, k), g.sinks.get(i).values().get(k));
                }
            }
            Val objective = g.objective();
            if (objective != null) {
                g.ir.reads.put(OBJECTIVE, objective);
            }
        }
        return Planner.plan(g.ir, kernels, fuse);
    }
}
