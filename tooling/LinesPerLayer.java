import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Prints how many lines each layer takes: the record with its Javadoc, without package and imports. Fails when the mean
 * is above a limit, since a layer that needs more has computations in it that belong into an op.
 *
 * <p>Usage: {@code java LinesPerLayer.java LIMIT FOLDER...}; a layer is a record that implements {@code Layer}.
 */
final class LinesPerLayer {
    private LinesPerLayer() {
    }

    public static void main(String[] args) throws IOException {
        double limit = Double.parseDouble(args[0]);
        TreeMap<String, Long> lines = new TreeMap<>();
        for (int i = 1; i < args.length; i++) {
            try (Stream<Path> files = Files.walk(Path.of(args[i]))) {
                for (Path f : files.filter(p -> p.toString().endsWith(".java")).toList()) {
                    String text = Files.readString(f);
                    if (text.matches("(?s).*\\brecord \\w+\\(.*?\\)\\s+implements [\\w, ]*\\bLayer\\b.*")) {
                        lines.put(f.getFileName().toString().replace(".java", ""), count(text));
                    }
                }
            }
        }
        double mean = lines.values().stream().mapToLong(Long::longValue).average().orElse(0);
        List<String> parts = new ArrayList<>();
        lines.forEach((name, n) -> parts.add(name + " " + n));
        System.out.printf("lines per layer: mean %.1f of %d layers (%s)%n", mean, lines.size(), String.join(", ", parts));
        if (lines.isEmpty() || mean > limit) {
            System.err.printf("lines per layer: expected layers, with a mean of at most %.0f lines%n", limit);
            System.exit(1);
        }
    }

    private static long count(String text) {
        List<String> body = text.lines().filter(l -> !l.startsWith("import ") && !l.startsWith("package ")).toList();
        int first = 0;
        while (body.get(first).isBlank()) {
            first++;
        }
        return body.size() - first;
    }
}
