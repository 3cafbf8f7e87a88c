package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.MochaException;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.train.SnapshotFolder.Snap;

/**
 * Saves all that a run needs to go on bit for bit, and goes on from there. It also saves at the end of a run, be that
 * complete or interrupted, unless the last iteration is saved already.
 *
 * @param folder          of the snapshots, relative to the run's output; made when needed
 * @param autoLoad        whether to resume from the newest whole snapshot in the folder, if there is one; default false
 * @param loadSolverState whether loading resumes the run; false takes the parameters only and starts at iteration 0
 *                        (fine-tuning); default true
 * @param loadFrom        a folder of snapshots, a snapshot or a parameter file to start from where {@code autoLoad} finds
 *                        nothing; a parameter file has no solver state
 * @param keep            how many of the newest snapshots stay, besides the last one on schedule; default all
 * @param allowMissing    whether weights that a parameter file or another net's snapshot lacks start with their
 *                        initializers, as biases do anyway; default false: that is an error
 * @yaml {type: Snapshot, folder: snapshots, autoLoad: true, everyIterations: 5000}
 * @java everyIterations(5000, Snapshot.in("snapshots").withAutoLoad())
 * @caffe the solver's snapshot and snapshot_prefix; caffe train --snapshot resumes
 * @mocha Snapshot: the folder, auto_load, also_load_solver_state is loadSolverState
 */
public record Snapshot(String folder, Boolean autoLoad, Boolean loadSolverState, String loadFrom, Integer keep,
                       Boolean allowMissing) implements CoffeeBreak {
    private static final String SCHEDULED = "scheduled";

    public Snapshot {
        require(folder != null && !folder.isBlank(), "folder", folder, "the name of a folder");
        autoLoad = or(autoLoad, false);
        loadSolverState = or(loadSolverState, true);
        allowMissing = or(allowMissing, false);
        if (keep != null) {
            positive("keep", keep);
        }
    }

    /** Which lacks no weights. */
    public Snapshot(String folder, Boolean autoLoad, Boolean loadSolverState, String loadFrom, Integer keep) {
        this(folder, autoLoad, loadSolverState, loadFrom, keep, null);
    }

    public static Snapshot in(String folder) {
        return new Snapshot(folder, null, null, null, null);
    }

    public Snapshot withAutoLoad() {
        return new Snapshot(folder, true, loadSolverState, loadFrom, keep, allowMissing);
    }

    @Override
    public Break open(Solver solver) {
        Saver saver = new Saver(this, solver, folder("Snapshot", solver, folder));
        solver.lastSnapshot(saver::goBack);
        return saver;
    }

    /** A folder of a run. @throws ConfigurationException if it is a file, or one of two breaks that need it for themselves */
    static Path folder(String who, Solver solver, String folder) {
        Path path = solver.output().resolve(folder);
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new ConfigurationException(who + ": folder " + path + " is a file; name a folder");
        }
        List<CoffeeBreak> sharing = solver.breaks().stream().map(BreakConfig::coffeeBreak).filter(b ->
                b instanceof Snapshot s && same(solver, path, s.folder())
                        || b instanceof BestSnapshot t && same(solver, path, t.folder())).toList();
        if (sharing.size() > 1 && sharing.stream().anyMatch(BestSnapshot.class::isInstance)) {
            throw new ConfigurationException("BestSnapshot: folder " + path
                    + " is that of another break; name one of its own");
        }
        return path;
    }

    private static boolean same(Solver solver, Path path, String folder) {
        return solver.output().resolve(folder).toAbsolutePath().normalize().equals(path.toAbsolutePath().normalize());
    }

    private static final class Saver implements Break {
        private final Snapshot config;
        private final Solver solver;
        private final Catalog catalog;
        private final SnapshotFolder folder;
        private long saved = -1;
        /** The last snapshot that was saved on schedule, as against the one at the end of an interrupted run. */
        private Path last;

        Saver(Snapshot config, Solver solver, Path path) {
            this.config = config;
            this.solver = solver;
            catalog = solver.subject().catalog();
            folder = new SnapshotFolder(path, catalog);
        }

        @Override
        public boolean saves() {
            return true;
        }

        @Override
        public void begin() {
            if (solver.iteration() > 0) {
                return;                                          // stepped or restored before
            }
            folder.prepare();
            Optional<Snap> own = config.autoLoad() ? folder.newest(solver.listener()::warning) : Optional.empty();
            if (own.isPresent()) {
                load(own.get(), true);
            } else if (config.loadFrom() != null) {
                load(from(solver.output().resolve(config.loadFrom())), false);
            } else {
                List<Path> others = folder.newestFirst();
                if (!others.isEmpty()) {
                    solver.listener().warning("the snapshots of an earlier run, up to " + others.get(0)
                            + ", are not resumed; autoLoad: true would");
                }
            }
        }

        private Snap from(Path source) {
            if (Files.isDirectory(source)) {
                return new SnapshotFolder(source, catalog).newest(solver.listener()::warning).orElseThrow(() ->
                        new ConfigurationException("Snapshot: loadFrom " + source
                                + " has no snapshots; expected: files such as snapshot-000123.h5"));
            }
            if (!Files.exists(source)) {
                throw new ConfigurationException("Snapshot: loadFrom " + source
                        + " does not exist; expected: a folder of snapshots, a snapshot or a parameter file");
            }
            TensorFile any = SnapshotFolder.readAny(source, catalog);
            return new Snap(source, Checkpoint.isSnapshot(any) ? SnapshotFolder.read(source, catalog) : any);
        }

        private void load(Snap snap, boolean own) {
            if (config.loadSolverState() && Checkpoint.isSnapshot(snap.content())) {
                Checkpoint.restore(solver, snap.file(), snap.content());
                saved = own ? solver.iteration() : -1;
                last = snap.file().resolveSibling(snap.content().attributes().getOrDefault(SCHEDULED,
                        snap.file().getFileName().toString()));
                solver.listener().line("Resuming from " + snap.file() + " at iteration " + solver.iteration());
            } else {
                ParameterFile.of(snap.file(), snap.content()).into(solver.parameters(), config.allowMissing()).warnings()
                        .forEach(solver.listener()::warning);
                solver.listener().line("Starting with the parameters of " + snap.file());
            }
        }

        /** @throws DataException if the snapshot cannot be written */
        @Override
        public void run() {
            save(true);
        }

        @Override
        public void end() {
            save(false);
        }

        private void save(boolean scheduled) {
            if (saved != solver.iteration()) {
                Path file = folder.file(solver.iteration());
                solver.listener().line("Saving snapshot to " + file);
                last = scheduled || last == null ? file : last;
                folder.save(solver.iteration(), Checkpoint.of(solver, Map.of(SCHEDULED, last.getFileName().toString())));
                saved = solver.iteration();
                if (config.keep() != null) {
                    folder.keep(config.keep(), saved, last);
                }
            }
        }

        /**
         * Takes back the parameters of the last snapshot on schedule: where an interruption saved another one, a resumed
         * run must go back to the same one as if it had not been interrupted.
         */
        void goBack() {
            solver.listener().line("Going back to the parameters of " + last);
            try {
                Checkpoint.takeBack(solver, SnapshotFolder.read(last, catalog));
            } catch (MochaException e) {
                throw new DataException("cannot go back to the last snapshot: " + e.getMessage() + "; the snapshots before it"
                        + " are untouched, resume from one of them", e);
            }
        }
    }
}
