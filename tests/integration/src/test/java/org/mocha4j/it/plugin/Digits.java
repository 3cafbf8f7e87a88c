package org.mocha4j.it.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mocha4j.integration.Distribution;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.DrawnDigits;

/** Drawn digits on disk, and beside them the net with Acme's parts. */
final class Digits {
    private Digits() { }

    /** @return the net's file */
    static Path in(Path folder) throws IOException {
        DataWriter.write(new DrawnDigits(1, 0, 300), new DrawnDigits(1, 1_000_000, 100), folder);
        return Files.copy(Distribution.ROOT.resolve("tests/integration/src/test/plugins/lenet.yaml"),
            folder.resolve("net.yaml"));
    }
}
