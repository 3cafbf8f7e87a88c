package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.require;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;

/**
 * Writes what the breaks of the run have recorded to a file, each time as a whole and once more at the end: text of
 * comma-separated values, the line {@code iteration,statistic,value}, then one line for each figure, by statistic and
 * iteration. A resumed run writes the figures before it too. {@code mocha plot} takes the file for a run.
 *
 * @param file relative to the run's output; its folder is made when needed
 * @yaml {type: CoffeeLounge, file: statistics.csv, everyIterations: 1000}
 * @java everyIterations(1000, new CoffeeLounge("statistics.csv"))
 * @caffe none; its log can be parsed
 * @mocha setup_coffee_lounge(solver, save_into, every_n_iter)
 */
public record CoffeeLounge(String file) implements CoffeeBreak {
    private static final String HEAD = "iteration,statistic,value";

    public CoffeeLounge {
        require(file != null && !file.isBlank(), "file", file, "the name of a file");
    }

    @Override
    public Break open(Solver solver) {
        Path path = solver.output().resolve(file);
        if (Files.isDirectory(path)) {
            throw new ConfigurationException("CoffeeLounge: file " + path + " is a folder; name a file");
        }
        return new Break() {
            @Override
            public void run() {
                write(solver.lounge(), path);
            }

            @Override
            public boolean saves() {
                return true;
            }

            @Override
            public void end() {
                run();
            }
        };
    }

    private static void write(Lounge lounge, Path path) {
        List<String> lines = new ArrayList<>(List.of(HEAD));
        for (String name : lounge.names()) {
            lounge.history(name).forEach((iteration, value) -> lines.add(iteration + "," + name + "," + value));
        }
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            if (path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
            Files.write(temporary, lines);
            replace(temporary, path);
        } catch (IOException e) {
            throw new DataException("cannot save statistics to " + path + ": " + Trouble.reason(e), e);
        }
    }

    private static void replace(Path temporary, Path path) throws IOException {
        try {
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Whether a file begins like one of these. */
    public static boolean isLounge(Path file) {
        try (var lines = Files.newBufferedReader(file)) {
            return HEAD.equals(lines.readLine());
        } catch (IOException e) {
            return false;                                        // not text, or not readable: then it is none
        }
    }

    /** Reads such a file. @throws DataException naming the line that is wrong */
    public static Lounge read(Path file) {
        Lounge lounge = new Lounge();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 1; i < lines.size(); i++) {
                String line = lines.get(i);
                int from = line.indexOf(',');
                int to = line.lastIndexOf(',');
                try {
                    lounge.record(line.substring(from + 1, to), Long.parseLong(line.substring(0, from)),
                            Double.parseDouble(line.substring(to + 1)));
                } catch (NumberFormatException | IndexOutOfBoundsException e) {
                    throw new DataException(file + ":" + (i + 1) + ": found [" + line + "]; expected: " + HEAD, e);
                }
            }
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + Trouble.reason(e), e);
        }
        return lounge;
    }
}
