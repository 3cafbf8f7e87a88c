package org.mocha4j.gputest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Packs a folder that runs on a machine with a driver, CUDA 12 or 13 and cuDNN 9, and nothing else: the launcher's
 * distribution, the tests, benchmarks, and a Java runtime with the modules that these need.
 *
 * <p>Usage: {@code Packer ROOT FOLDER [MNIST]}; the jars of the class path that the distribution has not are the
 * tests. MNIST is a folder with the four files of that data set, which go along. A folder that has become too large
 * is an error.
 */
public final class Packer {
    /** What is brought to a machine at once. */
    static final long MOST_BYTES = 64_000_000;
    private static final String VERSION = "-\\d[\\w.]*?(-SNAPSHOT)?(?=(-tests)?\\.jar$)";

    private final Path root;
    private final Path folder;

    private Packer(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        try {
            Path folder = Path.of(args[1]);
            pack(Path.of(args[0]), folder, args.length > 2 && !args[2].isEmpty() ? Path.of(args[2]) : null,
                    System.getProperty("java.class.path"));
            long bytes = measured(folder, MOST_BYTES);
            System.out.println("gpu-test: packed " + args[1] + ", " + megabytes(bytes) + " of at most "
                    + megabytes(MOST_BYTES)
                    + "; there: ./run");
        } catch (IllegalStateException e) {
            System.err.println("gpu-test: " + e.getMessage());
            System.exit(1);
        }
    }

    /** @throws IllegalStateException in words if it cannot be packed */
    static void pack(Path root, Path folder, Path mnist, String classPath) throws IOException {
        Packer p = new Packer(root.toAbsolutePath().normalize(), folder.toAbsolutePath().normalize());
        if (Files.exists(p.folder)) {
            p.delete();
        }
        p.files();
        p.distribution();
        List<Path> jars = p.tests(classPath);
        if (mnist != null) {
            p.mnist(mnist);
        }
        new Runtimes(p.folder.resolveSibling("gpu-test-runtime")).copy(jars, p.folder);
    }

    /** Deletes what an earlier run has packed, and nothing else. */
    private void delete() throws IOException {
        if (!Files.exists(folder.resolve("run")) && size(folder) > 0) {
            throw new IllegalStateException(folder
                    + " is there and was not packed by this program; delete it or name another");
        }
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    static long size(Path folder) throws IOException {
        long bytes = 0;
        for (Path f : regular(folder)) {
            bytes += Files.size(f);
        }
        return bytes;
    }

    private static List<Path> regular(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path p : all.toList()) {
                Path target = to.resolve(from.relativize(p).toString());
                if (Files.isDirectory(p)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(p, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** Without the libraries of the native backend, which is not what is tested, and of other systems. */
    private void distribution() throws IOException {
        Path from = root.resolve("launcher/target/mocha");
        if (!Files.isDirectory(from.resolve("bundles"))) {
            throw new IllegalStateException("there is no distribution in " + from
                    + "; build it: mvn package -DskipTests");
        }
        copy(from, folder.resolve("mocha"));
        try (Stream<Path> jars = Files.list(folder.resolve("mocha/bundles"))) {
            for (Path jar : jars.toList()) {
                String name = jar.getFileName().toString();
                if (name.equals("mocha4j-nativecpu.jar")) {
                    without(jar, "META-INF/native/.*");
                } else if (name.startsWith("jna-") || name.startsWith("lz4-java-")) {
                    without(jar, "(com/sun/jna|net/jpountz/util)/(?!linux-x86-64/|linux/amd64/)[^/]+/"
                            + ".*\\.(so|a|dll|dylib|jnilib)");
                }
            }
        }
    }

    private static void without(Path jar, String names) throws IOException {
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        try (ZipFile in = new ZipFile(jar.toFile());
             ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(part))) {
            for (ZipEntry e : in.stream().filter(e -> !e.getName().matches(names)).toList()) {
                out.putNextEntry(new ZipEntry(e.getName()));
                in.getInputStream(e).transferTo(out);
                out.closeEntry();
            }
        }
        Files.move(part, jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** The jars of the class path that the distribution has not. @return all jars of the folder */
    private List<Path> tests(String classPath) throws IOException {
        Path tests = Files.createDirectories(folder.resolve("tests"));
        Set<String> there = new TreeSet<>();
        regular(folder).forEach(f -> there.add(f.getFileName().toString().replaceFirst(VERSION, "")));
        Path own = root.resolve("backend-cuda/gpu-test/target");
        for (String entry : classPath.split(File.pathSeparator)) {
            Path p = Path.of(entry);
            if (Files.isDirectory(p)) {
                if (!p.toAbsolutePath().normalize().startsWith(own)) {
                    throw new IllegalStateException(p
                            + " is a folder of classes, expected a jar; build with mvn package");
                }
            } else if (there.add(p.getFileName().toString().replaceFirst(VERSION, ""))) {
                Files.copy(p, tests.resolve(p.getFileName()));
            }
        }
        if (!there.contains("mocha4j-gpu-test.jar")) {
            try (Stream<Path> made = Files.list(own)) {
                Path jar = made.filter(f -> f.getFileName().toString().matches("mocha4j-gpu-test-.*\\.jar")).findFirst()
                        .orElseThrow(() -> new IllegalStateException("there is no mocha4j-gpu-test jar in " + own));
                Files.copy(jar, tests.resolve(jar.getFileName()));
            }
        }
        return regular(folder).stream().filter(f -> f.toString().endsWith(".jar")).toList();
    }

    private void files() throws IOException {
        copy(root.resolve("backend-cuda/gpu-test/src/main/packed"), folder);
        Path benchmarks = Files.createDirectories(folder.resolve("benchmarks"));
        for (String file : List.of("backend-cuda/benchmarks/against_pytorch.py",
                "backend-native/benchmarks/torch_nets.py",
                "backend-native/benchmarks/vgg.yaml")) {
            Files.copy(root.resolve(file), benchmarks.resolve(Path.of(file).getFileName()));
        }
    }

    private void mnist(Path from) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.list(from)) {
            found = all.filter(f -> f.getFileName().toString()
                    .matches("(train|t10k)-(images|labels).idx.-ubyte(\\.gz)?")).toList();
        }
        if (found.size() != 4) {
            throw new IllegalStateException(from + " should have MNIST's four files, found " + found);
        }
        Path to = Files.createDirectories(folder.resolve("data/mnist"));
        for (Path f : found) {
            Files.copy(f, to.resolve(f.getFileName()));
        }
    }

    /** @return bytes of all files; IllegalStateException that names the largest if they are too many */
    static long measured(Path folder, long most) throws IOException {
        long bytes = size(folder);
        if (bytes > most) {
            List<String> largest = new ArrayList<>();
            regular(folder).stream().sorted(Comparator.comparingLong((Path f) -> f.toFile().length()).reversed())
                    .limit(8)
                    .forEach(f -> largest.add(folder.relativize(f) + " " + megabytes(f.toFile().length())));
            throw new IllegalStateException(folder + " has " + megabytes(bytes) + ", more than " + megabytes(most)
                    + "; the largest files: " + String.join(", ", largest)
                    + "; the runtime of a JDK 17 is the smallest");
        }
        return bytes;
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
