package org.mocha4j.mutation;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Breaks one rule after the other, each in a compiled copy of one source file that stands first on the class path of
 * a JVM which runs one named test, and reports the rules whose test does not fail. A program in C++ is broken in a copy
 * of its folder, which the test builds. Nothing in the project is changed. Rules whose test cannot run here are named.
 *
 * <p>Usage: {@code Mutations ROOT LIST [PATTERN]}, by {@code tooling/mutations}; with a pattern only the rules that
 * have it.
 */
public final class Mutations {
    static final String SKIPPED = "SKIPPED ";
    private static final String TOOLS = "mocha.caffe.tools";
    private static final int SECONDS = 120;
    private final Path root;
    private final Path work;
    private final String classPath;

    private Mutations(Path root, Path work) throws IOException {
        this.root = root;
        this.work = work;
        this.classPath = modules(root) + File.pathSeparator + System.getProperty("java.class.path");
    }

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]).toAbsolutePath().normalize();
        String word = args.length > 2 ? args[2] : "";
        List<Mutation> all = Mutation.read(Path.of(args[1])).stream()
            .filter(m -> Pattern.compile(word).matcher(m.rule()).find()).toList();
        Path work = Files.createTempDirectory("mutations");
        long start = System.nanoTime();
        int wrong;
        try {
            wrong = new Mutations(root, work).run(all);
        } finally {
            delete(work);
        }
        System.out.printf("%d are not, in %d s%n", wrong, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        System.exit(wrong == 0 && !all.isEmpty() ? 0 : 1);
    }

    /** The tests must pass as the sources are; then each must fail on its mutation. */
    private int run(List<Mutation> all) throws Exception {
        String[] tests = all.stream().map(Mutation::test).distinct().toArray(String[]::new);
        Result before = java(List.of(), "", SECONDS * tests.length, tests);
        if (before.code() != 0 && before.code() != 3) {
            System.out.println("the tests fail without any mutation:\n" + before.text());
            return all.size();
        }
        int found = 0;
        int skipped = 0;
        for (Mutation m : all) {
            Optional<String> skip = before.text().lines().filter(l -> l.startsWith(SKIPPED + m.test() + ": "))
                .findFirst();
            String verdict = skip.isPresent() ? skip.get() : verdict(m);
            found += verdict.startsWith("found") ? 1 : 0;
            skipped += skip.isPresent() ? 1 : 0;
            System.out.println((verdict.startsWith("found") || skip.isPresent() ? "      " : "WRONG ") + m.rule()
                + "\n        " + verdict);
        }
        System.out.printf("%d of %d mutations are found by their test, %d cannot be tried here%n", found, all.size(),
            skipped);
        return all.size() - found - skipped;
    }

    private String verdict(Mutation m) throws Exception {
        Path changed = Files.createTempDirectory(work, "changed");
        boolean java = m.file().toString().endsWith(".java");
        try {
            String problem = java ? compile(m, changed) : copy(m, changed);
            if (!problem.isEmpty()) {
                return "does not compile: " + problem;
            }
        } catch (IllegalStateException e) {
            return "cannot be made: " + e.getMessage();
        }
        Result r = java(java ? List.of() : List.of("-D" + TOOLS + "=" + changed),
            java ? changed + File.pathSeparator : "",
            SECONDS, m.test());
        if (r.text().contains("does not build")) {
            return "does not compile: " + r.text();
        }
        return switch (r.code()) {
            case 0 -> "NOT FOUND by " + m.test() + ": " + m.file() + ": " + m.old() + " → " + m.by();
            case 1 -> "found by " + r.text().lines().findFirst().orElse(m.test());
            default -> "the test was not run: " + r.text();
        };
    }

    /** The folder of a program, for a test that builds it. */
    private String copy(Mutation m, Path to) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(m.file()).getParent())) {
            for (Path f : files.toList()) {
                Files.copy(f, to.resolve(f.getFileName()));
            }
        }
        Files.writeString(to.resolve(m.file().getFileName()), m.mutated(root));
        return "";
    }

    private String compile(Mutation m, Path classes) throws IOException {
        Path source = work.resolve("source").resolve(m.file().getFileName());
        Files.createDirectories(source.getParent());
        Files.writeString(source, m.mutated(root));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler().run(null, said, said, "-d", classes.toString(), "-proc:none",
            "-nowarn",
            "--add-modules", "jdk.incubator.vector", "--class-path", classPath, source.toString());
        Files.delete(source);
        return code == 0 ? "" : said.toString(StandardCharsets.UTF_8);
    }

    private record Result(int code, String text) {
    }

    private Result java(List<String> options, String first, int seconds, String... tests) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
            .toString(),
            "-XX:TieredStopAtLevel=1", "-Xshare:auto", "--add-modules", "ALL-SYSTEM", "-Dmocha.root=" + root));
        command.addAll(options);
        command.addAll(List.of("-cp", first + classPath, OneTest.class.getName()));
        command.addAll(Arrays.asList(tests));
        Path out = Files.createTempFile(work, "run", ".out");
        Process p = new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!p.waitFor(seconds, TimeUnit.SECONDS)) {
            p.destroyForcibly().waitFor();
            return new Result(1, "no end after " + seconds + " s");
        }
        return new Result(p.exitValue(), Files.readString(out));
    }

    /** The classes and tests of all modules. */
    private static String modules(Path root) throws IOException {
        try (Stream<Path> folders = Files.walk(root, 4)) {
            return String.join(File.pathSeparator, folders.filter(f -> f.endsWith("target/test-classes")
                || f.endsWith("target/classes")).sorted().map(Path::toString).toList());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path f : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(f);
            }
        }
    }
}
