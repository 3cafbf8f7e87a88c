package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format.TensorFile;
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
 * @param keep            how many of the newest snapshots stay; default all
 * @param allowMissing    whether weights that a parameter file or another net's snapshot lacks start with their
 *                        initializers, as biases do anyway; default false: that is an error
 */
public record Snapshot(String folder, Boolean autoLoad, Boolean loadSolverState, String loadFrom, Integer keep,
                       Boolean allowMissing) implements CoffeeBreak {
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
        Path path = solver.output().resolve(folder);
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new ConfigurationException("Snapshot: folder " + path + " is a file; name a folder");
        }
        return new Saver(this, solver, path);
    }

    private static final class Saver implements Break {
        private final Snapshot config;
        private final Solver solver;
        private final Catalog catalog;
        private final SnapshotFolder folder;
        private long saved = -1;

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
            if (saved != solver.iteration()) {
                Path file = folder.file(solver.iteration());
                solver.listener().line("Saving snapshot to " + file);
                folder.save(solver.iteration(), Checkpoint.of(solver));
                saved = solver.iteration();
                if (config.keep() != null) {
                    folder.keep(config.keep(), saved);
                }
            }
        }

        @Override
        public void end() {
            run();
        }
    }
}
