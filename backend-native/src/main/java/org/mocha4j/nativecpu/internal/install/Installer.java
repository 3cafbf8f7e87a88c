package org.mocha4j.nativecpu.internal.install;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.mocha4j.api.DeviceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts libraries of the bundle into a folder that is named after what is in it, or finds them there. Without a folder
 * of the user's choice that is one in the user's cache; if that cannot be written to, one for this process alone,
 * which {@link #close} removes.
 */
public final class Installer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Installer.class);

    private final Bundled bundle;
    private final Machine machine;
    private Path own;

    public Installer(Bundled bundle, Machine machine) {
        this.bundle = bundle;
        this.machine = machine;
    }

    /**
     * Where a library lies.
     *
     * @param needed whether what it needs has to lie beside it
     * @throws DeviceException if there is no folder to which it can be written, or the one that is there is not safe
     */
    public Path install(String library, boolean needed) {
        if (own != null) {
            return temporarily(library, needed, null);
        }
        Path base = machine.configured() != null ? machine.configured() : machine.cache();
        if (base == null) {
            return temporarily(library, needed, "the cache: there is no home directory");
        }
        try {
            return installIn(base, library, needed);
        } catch (IOException e) {
            String why = base + ": " + reason(e);
            if (machine.configured() != null) {
                throw unwritable(why, e);
            }
            LOG.warn("native: the libraries are unpacked for this process alone, in {}, since they cannot be kept"
                    + " in {}",
                    machine.temporary(), why);
            return temporarily(library, needed, why);
        }
    }

    private Path temporarily(String library, boolean needed, String before) {
        try {
            if (own == null) {
                own = Files.createTempDirectory(machine.temporary(), "mocha4j");    // a new one, its owner's alone
            }
            return installIn(own, library, needed);
        } catch (IOException e) {
            close();
            throw unwritable((before == null ? "" : before + "; and ") + machine.temporary() + ": " + reason(e), e);
        }
    }

    private Path installIn(Path base, String library, boolean needed) throws IOException {
        new PrivateFolder(base, machine);
        PrivateFolder folder = new PrivateFolder(base.resolve(bundle.platform() + "-" + bundle.key()), machine);
        if (needed) {
            for (Bundled.Entry e : bundle.needed()) {
                folder.file(bundle, e);
            }
        }
        return folder.file(bundle, bundle.find(library));
    }

    private DeviceException unwritable(String where, IOException e) {
        return new DeviceException("native: the libraries (" + (bundle.bytes() + 999_999) / 1_000_000 + " MB, "
                + bundle.platform() + ") cannot be written to " + where + "; name a folder that can be written to"
                + " with -D"
                + Machine.FOLDER + "=FOLDER", e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException f) {
            return f.getFile() + " is not a folder";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no such folder, and it cannot be made";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /**
     * Removes what was unpacked for this process alone; what is loaded stays usable on systems that let files be
     * removed.
     */
    @Override
    public void close() {
        if (own != null) {
            try (Stream<Path> files = Files.walk(own)) {
                for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(p);
                }
            } catch (IOException e) {
                LOG.warn("native: {} is left over: {}", own, reason(e));
            }
            own = null;
        }
    }
}
