package org.mocha4j.nativecpu.internal.install;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.ZipException;
import org.mocha4j.api.DeviceException;

/**
 * A folder that nobody else can write to. A file comes into it under a name of its own, is compared with its digest,
 * and then takes its place in one step, so that several processes may fill the folder at once and none sees half a
 * file.
 */
final class PrivateFolder {
    /**
     * When a file was last changed that was found whole. Whoever writes to it later changes that, and then its digest
     * is looked at again: digests of 130 MB at each start would take longer than loading.
     */
    private static final FileTime WHOLE = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));
    private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private final Machine machine;

    /** @throws DeviceException if the folder is there and others can write to it or own it */
    PrivateFolder(Path path, Machine machine) throws IOException {
        this.machine = machine;
        Files.createDirectories(path.getParent(), ownerOnly(path));
        try {
            Files.createDirectory(path, ownerOnly(path));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw e;
            }
        }
        this.path = path.toRealPath();
        requirePrivate(this.path, "a folder");
    }

    static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0];
    }

    Path path() {
        return path;
    }

    private void requirePrivate(Path p, String what) throws IOException {
        if (!p.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;                                              // a profile's folder belongs to its user there
        }
        String owner = Files.getOwner(p, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(machine.user()) && !owner.equals("root")) {
            throw refused(p, "it belongs to " + owner + ", and this process runs as " + machine.user(), what);
        }
        Set<PosixFilePermission> granted = Files.getPosixFilePermissions(p, LinkOption.NOFOLLOW_LINKS);
        if (granted.stream().anyMatch(OTHERS::contains)) {
            throw refused(p, "others can write to it (" + PosixFilePermissions.toString(granted) + ")", what);
        }
    }

    private static DeviceException refused(Path p, String why, String what) {
        return new DeviceException("native: libraries are not taken from " + p + ": " + why + "; remove it, or name "
                + what
                + " of your own with -D" + Machine.FOLDER + "=FOLDER");
    }

    /** Where a file of the bundle lies, whole; writes it if it is not there. */
    Path file(Bundled bundle, Bundled.Entry entry) throws IOException {
        Path file = path.resolve(entry.installedName());
        if (!whole(file, entry)) {
            write(bundle, entry, file);
        }
        return file;
    }

    private boolean whole(Path file, Bundled.Entry entry) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != entry.size()) {
            return false;
        }
        requirePrivate(file, "a folder");
        if (!entry.own() && Files.getLastModifiedTime(file).equals(WHOLE)) {
            return true;
        }
        MessageDigest digest = Bundled.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            copy(in, OutputStream.nullOutputStream(), digest);
        }
        return HexFormat.of().formatHex(digest.digest()).equals(entry.sha256());
    }

    private void write(Bundled bundle, Bundled.Entry entry, Path file) throws IOException {
        removeLeftOvers();
        Path part = Files.createTempFile(path, entry.name(), ".part");    // by its owner alone to be read and written
        try {
            MessageDigest digest = Bundled.sha256();
            try (InputStream in = bundle.open(entry); OutputStream out = machine.files().open(part)) {
                copy(in, out, digest);
            } catch (ZipException | EOFException e) {
                throw bundle.damaged(entry);
            }
            if (!HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
                throw bundle.damaged(entry);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            Files.setLastModifiedTime(file, WHOLE);              // not before: a part that old is taken for a left-over
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Of processes that were killed while they wrote. */
    private void removeLeftOvers() throws IOException {
        Instant old = Instant.now().minus(Duration.ofHours(1));
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(path, "*.part")) {
            for (Path p : parts) {
                if (Files.getLastModifiedTime(p).toInstant().isBefore(old)) {
                    Files.deleteIfExists(p);
                }
            }
        } catch (NoSuchFileException e) {
            // another process took it
        }
    }

    private static void copy(InputStream in, OutputStream out, MessageDigest digest) throws IOException {
        byte[] piece = new byte[1 << 16];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            digest.update(piece, 0, n);
            out.write(piece, 0, n);
        }
    }
}
