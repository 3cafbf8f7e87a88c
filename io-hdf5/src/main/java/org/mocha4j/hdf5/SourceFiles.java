package org.mocha4j.hdf5;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.DataException;

/** Finds the files that a source means. */
final class SourceFiles {
    private SourceFiles() {
    }

    /** The file itself if it is HDF5, else the files that it lists. */
    static List<Path> of(String source, Path base) {
        Path file = base.resolve(source);
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + " does not exist or is no file; expected: an HDF5 file, or a text file with "
                    + "one HDF5 file per line");
        }
        try {
            if (Signature.starts(head(file)) || source.endsWith(".h5") || source.endsWith(".hdf5")) {
                return List.of(file);
            }
            List<Path> files = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    files.add(resolve(file, base, line.strip()));
                }
            }
            if (files.isEmpty()) {
                throw new DataException(file + " lists no file; expected: one HDF5 file per line");
            }
            return files;
        } catch (CharacterCodingException | java.nio.file.InvalidPathException e) {
            throw new DataException(file + " is neither an HDF5 file nor a text file that lists such files", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(8);
        }
    }

    private static Path resolve(Path list, Path base, String line) {
        Path besides = list.resolveSibling(line);
        Path below = base.resolve(line);
        if (Files.isRegularFile(besides)) {
            return besides;
        }
        if (Files.isRegularFile(below)) {
            return below;
        }
        throw new DataException(list + " lists [" + line + "], which does not exist; looked for " + besides
                + (besides.equals(below) ? "" : " and " + below));
    }
}
