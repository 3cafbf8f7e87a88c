package org.mocha4j.runtime.train;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.MochaException;

/** What a message says about a file that could not be written. */
final class Trouble {
    private Trouble() {
    }

    /** The file that stands where a folder, or one of those above it, should be. */
    static Optional<Path> inTheWay(Path folder) {
        Path there = folder;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return Optional.ofNullable(there).filter(p -> !Files.isDirectory(p));
    }

    /** Why it failed, in the words of the system where it says so. */
    static String reason(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof AccessDeniedException a) {
            return a.getFile() + ": permission denied";
        }
        if (root instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        if (root instanceof IOException && root.getMessage() != null) {
            return root.getMessage();
        }
        return e instanceof MochaException ? e.getMessage() : e.toString();
    }

    /** The bytes of a file's content, without what the format adds. */
    static long bytes(TensorFile content) {
        long tensors = content.tensors().values().stream()
                .mapToLong(a -> (long) a.elements() * a.spec().type().bytes()).sum();
        return tensors + content.attributes().values().stream().mapToLong(String::length).sum();
    }

    /** What is free on a folder's disk, as the end of a list; nothing where that cannot be told. */
    static String free(Path folder) {
        try {
            return " and " + Files.getFileStore(folder).getUsableSpace() + " are free";
        } catch (IOException e) {
            return "";
        }
    }
}
