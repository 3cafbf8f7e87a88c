package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import org.mocha4j.api.Policy;

/**
 * One policy after the other. Lengths accumulate; the last stage lasts for ever, whatever its length. Inner policies
 * see the completed iterations of the whole run, not of their stage. As in Mocha.
 *
 * @param stages at least one
 */
public record Staged(List<Stage> stages) implements Policy {
    /**
     * A stage.
     *
     * @param length in iterations, at least 1
     * @param rate   the policy in force
     */
    public record Stage(int length, Policy rate) {
        public Stage {
            positive("length", length);
            require(rate != null, "rate", null, "a policy or a number");
        }
    }

    public Staged {
        require(stages != null && !stages.isEmpty(), "stages", stages, "at least one stage");
        stages = List.copyOf(stages);
    }

    @Override
    public double at(long iteration) {
        long end = 0;
        for (Stage s : stages) {
            end += s.length();
            if (iteration < end) {
                return s.rate().at(iteration);
            }
        }
        return stages.get(stages.size() - 1).rate().at(iteration);
    }
}
