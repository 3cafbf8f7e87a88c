package org.mocha4j.cuda.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled kernels and JCuda's libraries on disk, one file each. A help and no more: a folder that cannot be used, or that somebody else could
 * have written to, is not used, and they are made again. A file takes its place in one step, so that several
 * processes may share the folder.
 */
public final class CodeFolder {
    private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_WRITE);
    private final Logger log = LoggerFactory.getLogger(CodeFolder.class);
    private final Path path;

    private CodeFolder(Path path) {
        this.path = path;
    }

    /** Keeps nothing. */
    public static CodeFolder none() {
        return new CodeFolder(null);
    }

    /** Makes it if it is not there. */
    public static CodeFolder at(Path folder) {
        try {
            Files.createDirectories(folder, ownerOnly(folder));
            return new CodeFolder(isPrivate(folder) ? folder.toRealPath() : null);
        } catch (IOException | UnsupportedOperationException e) {
            LoggerFactory.getLogger(CodeFolder.class).debug("compiled kernels are not kept in {}: {}", folder, e.toString());
            return none();
        }
    }

    /** Of whoever runs this process. */
    static CodeFolder ofUser() {
        return ofUser(System.getProperty("user.home"), System.getenv("XDG_CACHE_HOME"));
    }

    /** In the user's cache, by the rules of freedesktop.org; keeps nothing where there is no home. */
    public static CodeFolder ofUser(String home, String cache) {
        if (cache != null && Path.of(cache).isAbsolute()) {
            return at(Path.of(cache, "mocha4j", "cuda"));
        }
        boolean there = home != null && Path.of(home).isAbsolute() && Files.isDirectory(Path.of(home));
        return there ? at(Path.of(home, ".cache", "mocha4j", "cuda")) : none();
    }

    private static FileAttribute<?>[] ownerOnly(Path p) {
        return p.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0];
    }

    /** Whether it belongs to whoever owns what this process makes, and nobody else can write to it. */
    private static boolean isPrivate(Path p) throws IOException {
        if (!p.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return true;                                             // a profile's folder belongs to its user there
        }
        Path probe = Files.createTempFile(p, "probe", ".part");
        try {
            return Files.getOwner(p).equals(Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS))
                    && Files.getPosixFilePermissions(p).stream().noneMatch(OTHERS::contains);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** What was written under a name; null if nothing was. */
    byte[] read(String name) {
        Path file = path == null ? null : path.resolve(name);
        if (file == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            log.debug("compiled kernel {}", file, e);
            return null;
        }
    }

    /** A file with this content, for those who need one; null where nothing is kept. */
    Path file(String name, byte[] content) {
        if (!Arrays.equals(read(name), content)) {
            write(name, content);
        }
        return Arrays.equals(read(name), content) ? path.resolve(name) : null;
    }

    void write(String name, byte[] code) {
        if (path == null) {
            return;
        }
        try {
            Path part = Files.createTempFile(path, name, ".part");
            try {
                Files.write(part, code);
                Files.move(part, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            log.debug("compiled kernel {} is not kept in {}", name, path, e);
        }
    }
}
