package org.mocha4j.gputest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.gputest.Row.Verdict;

/** Where a phase writes its rows, each at once, so that they are there if the process dies. */
final class Report {
    private final String phase;
    private final Path file;

    Report(String phase, Path file) {
        this.phase = phase;
        this.file = file;
    }

    void row(String claim, String figure, Verdict verdict) {
        try {
            Files.writeString(file, new Row(phase, claim, figure, verdict).text() + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void claim(String claim, String figure, boolean holds) {
        row(claim, figure, holds ? Verdict.PASS : Verdict.FAIL);
    }

    void figure(String what, String figure) {
        row(what, figure, Verdict.FIGURE);
    }

    void skipped(String what, String why) {
        row(what, why, Verdict.SKIPPED);
    }

    /** What a phase has written so far. */
    static List<Row> read(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(l -> rows.add(Row.parse(l)));
        }
        return rows;
    }
}
