package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.require;

import java.nio.file.Path;

/**
 * Keeps the best snapshot by a recorded statistic: whenever the figure of the iteration is better than all before, saves
 * a whole snapshot, as {@link Snapshot} does, in a folder of its own, and then removes the one that was best until then.
 * The folder can be named wherever a folder of snapshots can: {@code mocha test --from best}, {@code loadFrom: best}.
 * Due where the statistic is recorded; at other iterations it does nothing. NaN is never better, and neither is an equal
 * figure.
 *
 * @param folder         relative to the run's output, other than that of {@code Snapshot}; made when needed
 * @param statistic      recorded by another break, such as {@code test-accuracy}
 * @param higherIsBetter required: whether more of it is better
 * @yaml {type: BestSnapshot, folder: best, statistic: test-accuracy, higherIsBetter: true, everyIterations: 1000}
 * @java everyIterations(1000, new BestSnapshot("best", "test-accuracy", true))
 * @caffe none
 * @mocha none
 */
public record BestSnapshot(String folder, String statistic, boolean higherIsBetter) implements CoffeeBreak {
    public BestSnapshot {
        require(folder != null && !folder.isBlank(), "folder", folder, "the name of a folder");
        new Score(statistic, higherIsBetter);
    }

    @Override
    public Break open(Solver solver) {
        Path path = Snapshot.folder("BestSnapshot", solver, folder);
        SnapshotFolder best = new SnapshotFolder(path, solver.subject().catalog());
        Score score = new Score(statistic, higherIsBetter);
        solver.expect("BestSnapshot", statistic);
        return new Break() {
            @Override
            public void begin() {
                best.prepare();
            }

            @Override
            public void run() {
                Lounge l = solver.lounge();
                int last = l.count(statistic) - 1;
                boolean here = last >= 0 && l.iteration(statistic, last) == solver.iteration();
                if (here && score.best(l, 0) == last && !solver.wentBack()) {
                    solver.listener().line("Saving the best snapshot to " + best.file(solver.iteration()));
                    best.save(solver.iteration(), Checkpoint.of(solver));
                    best.keep(1, solver.iteration());
                }
            }

            @Override
            public boolean saves() {
                return true;
            }
        };
    }
}
