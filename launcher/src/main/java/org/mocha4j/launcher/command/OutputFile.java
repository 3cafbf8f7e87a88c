package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.mocha4j.api.ConfigurationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A file that a command is asked to write: it is whole or not there, and takes no other file's place unasked. */
record OutputFile(Path path, boolean force) {
    /** The format in the file's name. @throws ParameterException if it is none of those given */
    String format(CommandSpec spec, List<String> known) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!name.contains(".") || !known.contains(end)) {
            throw new ParameterException(spec.commandLine(), "--output " + path + ": expected a name that ends in ."
                + String.join(" or .", known));
        }
        return end;
    }

    /** @throws ConfigurationException if it cannot be written; to be asked before the work */
    void check() {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path)) {
            throw new ConfigurationException(path + " is a folder; give a file as --output");
        }
        if (Files.exists(path) && !force) {
            throw new ConfigurationException(path
                + " is there already and is left as it is; --force replaces it, or give another --output");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new ConfigurationException("there is no folder " + folder + " to write " + path.getFileName()
                + " into; make it, or give another --output");
        }
    }

    /** Fills a file that is not there yet. */
    interface Filling {
        void fill(Path file) throws IOException;
    }

    void write(byte[] content) throws IOException {
        write(part -> Files.write(part, content, StandardOpenOption.CREATE_NEW));
    }

    /** Writes the whole content under another name first. */
    void write(Filling content) throws IOException {
        check();
        Path part = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            content.fill(part);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
