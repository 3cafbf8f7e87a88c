package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Figures;
import org.mocha4j.api.Policy;

/**
 * One policy after the other. Lengths accumulate; the last stage lasts for ever, whatever its length. Inner policies
 * see the completed iterations of the whole run, not of their stage. As in Mocha.
 *
 * @param stages at least one
 * @yaml {type: Staged, stages: [{length: 60000, rate: 0.001}, {length: 5000, rate: 0.0001}]}
 * @java new Staged(List.of(new Staged.Stage(60_000, Policy.of(0.001)), new Staged.Stage(5_000, Policy.of(0.0001))))
 * @caffe none; Multistep with a gamma comes close
 * @mocha LRPolicy.Staged((60000, LRPolicy.Fixed(0.001)), …), MomPolicy.Staged
 */
public record Staged(List<Stage> stages) implements Policy {
    /**
     * A stage.
     *
     * @param length in iterations, at least 1
     * @param rate   the policy in force: of the rate or of the momentum, whichever is staged
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
        return inForce(iteration).at(iteration);
    }

    @Override
    public double at(long iteration, Figures recorded) {
        return inForce(iteration).at(iteration, recorded);
    }

    @Override
    public Set<String> follows() {
        Set<String> all = new LinkedHashSet<>();
        stages.forEach(s -> all.addAll(s.rate().follows()));
        return all;
    }

    @Override
    public boolean goesBack(long iteration, Figures recorded) {
        return inForce(iteration).goesBack(iteration, recorded);
    }

    private Policy inForce(long iteration) {
        long end = 0;
        for (int k = 0; k < stages.size() - 1; k++) {
            end += stages.get(k).length();
            if (iteration < end) {
                return stages.get(k).rate();
            }
        }
        return stages.get(stages.size() - 1).rate();
    }
}
