package org.mocha4j.runtime.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.MochaException;
import org.mocha4j.runtime.Catalog;

/**
 * A folder of snapshots, {@code snapshot-000123.h5} after 123 iterations. The newest is the one of the highest iteration
 * in its name, whatever its time. A file is written under a temporary name, forced to disk and renamed, so that a name
 * always stands for a whole snapshot; a checksum tells whether it still is one. Before the renaming the file is read back
 * and compared, because a disk that fills up may shorten a write without an error.
 */
public final class SnapshotFolder {
    private static final Pattern NAME = Pattern.compile("snapshot-(\\d{6,18})\\.h5");
    private static final String TEMPORARY = ".tmp";
    private static final String PROBE = "snapshot-probe.h5" + TEMPORARY;
    private static final Pattern LEFTOVER = Pattern.compile("snapshot-(\\d{6,18}|probe)\\.h5\\.tmp");
    private final Path folder;
    private final Catalog catalog;
    private Path good;

    /** A snapshot that was read and found whole. */
    record Snap(Path file, TensorFile content) {
    }

    public SnapshotFolder(Path folder, Catalog catalog) {
        this.folder = folder;
        this.catalog = catalog;
    }

    /** The file of an iteration. */
    public Path file(long iteration) {
        return folder.resolve(String.format(Locale.ROOT, "snapshot-%06d.h5", iteration));
    }

    /** The iteration in a file's name; empty if it is no snapshot's. */
    public static OptionalLong iteration(Path file) {
        Matcher m = NAME.matcher(file.getFileName().toString());
        return m.matches() ? OptionalLong.of(Long.parseLong(m.group(1))) : OptionalLong.empty();
    }

    /** The snapshots, the newest first; none if there is no such folder. */
    public List<Path> newestFirst() {
        List<Path> found = new ArrayList<>();
        if (Files.exists(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                files.forEach(f -> iteration(f).ifPresent(i -> found.add(f)));
            } catch (IOException e) {
                throw new ConfigurationException("snapshot folder " + folder + " cannot be read: " + e, e);
            }
        }
        found.sort(Comparator.comparingLong((Path f) -> iteration(f).orElseThrow()).reversed());
        return found;
    }

    /**
     * Makes the folder, sees that files can be written there, and removes what a killed run left half written.
     *
     * @throws ConfigurationException if it is no folder or cannot be written to
     */
    void prepare() {
        Trouble.inTheWay(folder).ifPresent(f -> {
            throw new ConfigurationException("Snapshot: folder " + folder + " cannot be made: " + f
                    + " is a file; name another folder");
        });
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(PROBE), new byte[1]);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder,
                    f -> LEFTOVER.matcher(f.getFileName().toString()).matches())) {
                for (Path f : files) {
                    Files.deleteIfExists(f);
                }
            }
        } catch (IOException e) {
            throw new ConfigurationException("Snapshot: folder " + folder + " cannot be written to: " + Trouble.reason(e)
                    + "; name another folder", e);
        }
    }

    /**
     * Writes a snapshot with its checksum; one of the same iteration is replaced as a whole.
     *
     * @throws DataException if that fails; the snapshots that were there are untouched
     */
    public void save(long iteration, TensorFile content) {
        Path file = file(iteration);
        Path temporary = folder.resolve(file.getFileName() + TEMPORARY);
        Map<String, String> attributes = new LinkedHashMap<>(content.attributes());
        attributes.put(Checksum.ATTRIBUTE, Checksum.of(content));
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(temporary);
            format(catalog).write(temporary, new TensorFile(content.tensors(), attributes));
            force(temporary);
            if (!read(temporary, catalog).attributes().equals(attributes)) {
                throw new DataException("what was written is not what is read back");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder();
            good = file;
        } catch (IOException | RuntimeException e) {
            delete(temporary);
            throw new DataException("cannot save snapshot " + file + ": " + Trouble.reason(e) + "; it needs about "
                    + Trouble.bytes(content) + " bytes" + Trouble.free(folder) + "; earlier snapshots are untouched"
                    + (good == null ? "" : ", the last good one is " + good), e);
        } catch (Error e) {
            delete(temporary);
            throw e;
        }
    }

    static Format format(Catalog catalog) {
        return catalog.formats().stream().filter(f -> f.name().equals("hdf5")).findFirst().orElseThrow(() ->
                new ConfigurationException("snapshots need the format [hdf5], which no plug-in offers"));
    }

    private static void force(Path file) throws IOException {
        try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
            c.force(true);
        }
    }

    private void forceFolder() {
        try (FileChannel c = FileChannel.open(folder, StandardOpenOption.READ)) {
            c.force(true);
        } catch (IOException e) {
            return;                                              // Windows opens no folder; the rename is journalled there
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return;                                              // the reason why saving failed is more important
        }
    }

    /** Removes all but the newest n up to an iteration. Later ones are another run's, or damaged and passed over. */
    public void keep(int n, long iteration) {
        keep(n, iteration, null);
    }

    /** The same, but one stays in any case. */
    void keep(int n, long iteration, Path also) {
        List<Path> own = newestFirst().stream().filter(f -> iteration(f).orElseThrow() <= iteration).toList();
        own.subList(Math.min(n, own.size()), own.size()).stream().filter(f -> !f.equals(also)).forEach(SnapshotFolder::delete);
    }

    /**
     * The newest snapshot that is whole. Damaged ones are reported and passed over.
     *
     * @return empty if there are no snapshots
     * @throws DataException if there are some but all are damaged
     */
    Optional<Snap> newest(Consumer<String> warning) {
        List<Path> all = newestFirst();
        for (Path file : all) {
            try {
                Snap snap = new Snap(file, read(file, catalog));
                good = file;
                return Optional.of(snap);
            } catch (DataException e) {
                warning.accept("snapshot " + file + " is damaged and passed over: " + e.getMessage());
            }
        }
        if (!all.isEmpty()) {
            throw new DataException("all " + all.size() + " snapshots in " + folder
                    + " are damaged; remove them to start anew, or name another with loadFrom");
        }
        return Optional.empty();
    }

    /**
     * What the run had recorded until its newest whole snapshot.
     *
     * @return empty if there are no snapshots
     * @throws DataException if there are some but all are damaged
     */
    public Optional<Lounge> lounge(Consumer<String> warning) {
        return newest(warning).map(s -> Checkpoint.lounge(s.content()));
    }

    /** What a run had recorded until a snapshot. @throws DataException if that is damaged or no snapshot */
    public static Lounge lounge(Path snapshot, Catalog catalog) {
        return Checkpoint.lounge(read(snapshot, catalog));
    }

    /** Reads a snapshot. @throws DataException if it is damaged */
    static TensorFile read(Path file, Catalog catalog) {
        TensorFile content = readAny(file, catalog);
        String expected = content.attributes().get(Checksum.ATTRIBUTE);
        if (expected == null) {
            throw new DataException(file + " has no checksum, so it is not a whole snapshot");
        }
        String found = Checksum.of(content);
        if (!found.equals(expected)) {
            throw new DataException(file + " has the checksum " + found + "; expected: " + expected);
        }
        return content;
    }

    /** Reads a file of tensors, snapshot or not. @throws DataException for whatever is wrong with its bytes */
    static TensorFile readAny(Path file, Catalog catalog) {
        try {
            return catalog.formatOf(file).read(file);
        } catch (MochaException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new DataException(file + " cannot be read: " + e, e);
        }
    }
}
