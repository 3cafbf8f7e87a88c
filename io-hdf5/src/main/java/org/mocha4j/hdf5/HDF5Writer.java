package org.mocha4j.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open form of {@link HDF5Output}: a {@link Spool} per bottom, put together when it is closed. */
final class HDF5Writer implements Sink.Writer {
    private static final Logger LOG = LoggerFactory.getLogger(HDF5Writer.class);
    private final String where;
    private final Path target;
    private final boolean replace;
    private final List<Spool> spools = new ArrayList<>();
    private boolean closed;

    /** @throws ConfigurationException if the file is there and shall not be replaced, or cannot be made */
    HDF5Writer(HDF5Output config, List<String> names, Sink.Context c) {
        where = "layer [" + c.layer() + "]: " + config.filename();
        target = c.base().resolve(config.filename()).toAbsolutePath();
        replace = config.forceOverwrite();
        if (Files.isDirectory(target)) {
            throw new ConfigurationException(where + " is a folder; name a file");
        }
        if (Files.exists(target) && !replace) {
            throw new ConfigurationException(where + " exists; name another file, move it away, or have it replaced "
                    + "with forceOverwrite: true");
        }
        if (Files.exists(target)) {
            LOG.warn("{} exists and will be replaced", where);
        }
        try {
            Files.createDirectories(target.getParent());
            for (int i = 0; i < names.size(); i++) {
                spools.add(new Spool(target, names.get(i), c.specs().get(i)));
            }
        } catch (IOException e) {
            discard();
            throw new ConfigurationException(where + " cannot be made: " + reason(e) + "; name another file", e);
        }
    }

    /** Of the innermost cause: what wraps it says where it happened, such as "Exception writing at position: 123". */
    private static String reason(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner instanceof FileAlreadyExistsException f ? f.getFile() + " exists"
                : inner.getMessage() == null ? inner.toString() : inner.getMessage();
    }

    @Override
    public void write(List<HostTensor> batch, int valid) {
        long[] before = spools.stream().mapToLong(Spool::rows).toArray();
        for (int i = 0; i < spools.size(); i++) {
            try {
                spools.get(i).add(batch.get(i), valid);
            } catch (IOException e) {
                for (int k = 0; k < i; k++) {
                    spools.get(k).cut(before[k]);
                }
                throw new DataException(where + ": " + spools.get(i).file() + " cannot be written to: " + reason(e)
                        + "; the " + before[i] + " rows before stay there, or in the file if that can be written", e);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (spools.stream().allMatch(s -> s.rows() == 0)) {
            discard();
            return;
        }
        Path temporary = target.resolveSibling(spools.get(0).file().getFileName() + ".tmp");
        try {
            assemble(temporary);
            if (replace) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(temporary, target);
            }
        } catch (IOException | RuntimeException e) {
            keep(temporary);
            throw new DataException(where + " cannot be written: " + reason(e) + "; the rows are kept, little-endian: "
                    + spools.stream().map(s -> s.file() + " " + s.text()).collect(Collectors.joining(", ")), e);
        }
        discard();
        LOG.info("{}: {}", where, spools.stream().map(s -> s.name() + " " + s.text())
                .collect(Collectors.joining(", ")));
    }

    private void assemble(Path file) throws IOException {
        try (WritableHdfFile out = HdfFile.write(file)) {
            out.removeAttribute(Hdf5Format.MAKER);
            Map<String, WritableGroup> groups = new LinkedHashMap<>();
            for (Spool s : spools) {
                int slash = s.name().lastIndexOf('/');
                WritableGroup g = slash < 0 ? out : Hdf5Format.group(out, groups, s.name().substring(0, slash));
                String name = s.name().substring(slash + 1);
                g.putDataset(name, new SpooledDataset(s, name, g));
            }
        }
        try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
            c.force(true);
        }
    }

    private void keep(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
            for (Spool s : spools) {
                s.close();
            }
        } catch (IOException e) {
            LOG.warn("{}: {}", where, e.toString());             // the reason why it could not be written counts more
        }
    }

    private void discard() {
        for (Spool s : spools) {
            try {
                s.delete();
            } catch (IOException e) {
                LOG.warn("{}: {} cannot be removed: {}", where, s.file(), e.toString());
            }
        }
    }
}
