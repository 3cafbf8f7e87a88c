package org.mocha4j.cuda.internal.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where CUDA's libraries are looked for: in folders that the user names, where the system's loader looks, and where
 * NVIDIA's installers put them. Only names of files are read, so that a machine without CUDA opens no library to find out.
 *
 * @param before looked in first
 * @param cache  of the system's loader, a file
 * @param after  looked in last
 */
public record Places(List<Path> before, Path cache, List<Path> after) {
    /** The system property that names folders, separated as on the class path. */
    public static final String PATH = "mocha.cuda.path";
    private static final List<String> SYSTEM = List.of("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64",
            "usr/lib64", "lib", "usr/lib");

    /** @param root of the file system; another one for tests */
    public static Places of(UnaryOperator<String> properties, Map<String, String> environment, Path root) {
        List<Path> before = new ArrayList<>(folders(properties.apply(PATH)));
        before.addAll(folders(environment.get("LD_LIBRARY_PATH")));
        List<Path> after = new ArrayList<>(SYSTEM.stream().map(root::resolve).toList());
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            folders(environment.get(variable)).forEach(f -> after.add(f.resolve("lib64")));
        }
        after.add(root.resolve("usr/local/cuda/lib64"));
        list(root.resolve("usr/local"), "cuda-1[2-9]*").stream().sorted(Comparator.reverseOrder())
                .forEach(f -> after.add(f.resolve("lib64")));
        return new Places(existing(before), root.resolve("etc/ld.so.cache"), existing(after));
    }

    private static List<Path> folders(String named) {
        return named == null ? List.of() : Stream.of(named.split(":")).filter(f -> !f.isBlank()).map(Path::of)
                .map(Path::toAbsolutePath).toList();
    }

    /** Each once, though it has several names. */
    private static List<Path> existing(List<Path> folders) {
        Set<Path> all = new LinkedHashSet<>();
        for (Path f : folders) {
            try {
                all.add(f.toRealPath());
            } catch (IOException e) {
                continue;                                        // there is no such folder
            }
        }
        return all.stream().filter(Files::isDirectory).toList();
    }

    /** What is in a folder, in order. */
    static List<Path> list(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(found::add);
        } catch (IOException e) {
            return List.of();                                    // there is no such folder, or it is closed to us
        }
        return found.stream().sorted().toList();
    }

    /** The files of a name, in the order in which they are looked for. */
    List<Path> find(String name) {
        return Stream.of(before.stream().map(f -> f.resolve(name)), cached(name, true), after.stream()
                .map(f -> f.resolve(name))).flatMap(s -> s).filter(Files::isRegularFile).distinct().toList();
    }

    /** Files whose names begin so, up to three: other versions, for messages. */
    List<Path> similar(String beginning) {
        return Stream.of(before.stream().flatMap(f -> list(f, beginning + "*").stream()),
                cached(beginning, false),
                after.stream().flatMap(f -> list(f, beginning + "*").stream()))
                .flatMap(s -> s).filter(Files::isRegularFile).distinct().limit(3).toList();
    }

    /** What the loader's cache has: paths, each with a zero at its end. */
    private Stream<Path> cached(String beginning, boolean whole) {
        List<Path> found = new ArrayList<>();
        try {
            String text = Files.isRegularFile(cache) ? Files.readString(cache, StandardCharsets.ISO_8859_1) : "";
            for (int at = text.indexOf("/" + beginning); at >= 0; at = text.indexOf("/" + beginning, at + 1)) {
                int end = text.indexOf('\0', at);
                String path = text.substring(text.lastIndexOf('\0', at) + 1, end < 0 ? text.length() : end);
                boolean fits = path.startsWith("/") && (whole ? path.endsWith("/" + beginning)
                        : path.indexOf('/', path.lastIndexOf("/" + beginning) + 1) < 0);
                if (fits && Files.exists(Path.of(path))) {
                    found.add(Path.of(path).getParent().toRealPath().resolve(Path.of(path).getFileName()));
                }
            }
        } catch (IOException e) {
            return Stream.of();
        }
        return found.stream();
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>(before.stream().map(Path::toString).toList());
        all.add(cache.toString());
        after.forEach(f -> all.add(f.toString()));
        return String.join(", ", all);
    }
}
