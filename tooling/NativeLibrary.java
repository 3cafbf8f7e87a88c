import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Compiles the C++ of backend-native, with the headers and libraries of oneDNN and OpenBLAS that the build has
 * unpacked.
 *
 * <p>Usage: {@code java NativeLibrary.java FOLDER SKIP TARGET}, run by backend-native's pom at process-resources;
 * FOLDER is that module's. What is unchanged is not compiled again. Targets:
 * <ul>
 * <li>{@code all}: what the bundle holds, which is a library for each level of instructions, the probe that finds out
 * which level a processor has, the libraries that they need, and a list of all with sizes and digests;
 * <li>{@code own}: the same, with a library for the level of this processor alone, in half the time;
 * <li>{@code sanitize}: one library that checks itself, not packed;
 * <li>{@code linux-arm64}, {@code windows-x86_64}: compiled for machines that are not here, not packed.
 * </ul>
 * Without a compiler, or where SKIP is {@code true}, it says so in one line, and the bundle holds none.
 */
final class NativeLibrary {
    private static final List<String> WARNINGS = List.of("-Wall", "-Wextra");
    private static final List<String> COMMON = List.of("-std=c++17", "-fPIC", "-fvisibility=hidden",
            "-ffunction-sections",
        "-fdata-sections");
    private static final List<String> MATH = List.of("-O3", "-fopenmp-simd", "-ffp-contract=off", "-fno-math-errno",
        "-fno-trapping-math");
    private static final List<String> SANITIZE = List.of("-O2", "-g", "-fopenmp-simd", "-ffp-contract=off",
            "-fno-omit-frame-pointer",
        "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined");
    /**
     * Of GNU's linker on Linux: no other file of the same name is taken, and the library stays once it is loaded,
     * since the threads of its pool may outlive the class loader that asked for it.
     */
    private static final List<String> LINK = List.of("-shared", "-Wl,--no-as-needed", "-Wl,--disable-new-dtags",
        "-Wl,-rpath,$ORIGIN", "-Wl,--no-undefined", "-Wl,-z,noexecstack", "-Wl,-z,nodelete");
    private static final List<String> ISOLATED = List.of("-static-libstdc++", "-static-libgcc",
            "-Wl,--exclude-libs,ALL",
        "-Wl,--gc-sections");
    private static final String EXPORTS = "{ global: mocha_*; local: *; };\n";
    /** In the order in which the loader needs them. */
    private static final List<String> SHIPPED = List.of("dnnl/libgomp.so.1", "openblas/libquadmath.so.0",
        "openblas/libgfortran.so.5", "openblas/libopenblas.so.0", "dnnl/libdnnl.so.3");

    private final Path folder;
    private final String platform;
    private final List<String> compiler;

    private NativeLibrary(Path folder, String platform, List<String> compiler) {
        this.folder = folder;
        this.platform = platform;
        this.compiler = compiler;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        try {
            switch (args[2]) {
                case "all", "own" -> bundle(folder, Boolean.parseBoolean(args[1]), args[2].equals("own"));
                case "sanitize" -> sanitize(folder);
                case "linux-arm64" -> cross(folder, args[2], "aarch64-linux-gnu-g++");
                case "windows-x86_64" -> cross(folder, args[2], "x86_64-w64-mingw32-g++-posix");
                default -> throw new IllegalStateException("target is [" + args[2]
                    + "], expected all, own, sanitize, linux-arm64 or windows-x86_64");
            }
        } catch (IllegalStateException e) {
            System.err.println("native: " + e.getMessage());
            System.exit(1);
        }
    }

    // --- targets ------------------------------------------------------------------------------------------------

    private static void bundle(Path folder, boolean skip, boolean own) throws Exception {
        Path packed = folder.resolve("target/classes/META-INF/native");
        Optional<String> missing = !thisMachine().equals("linux-x86_64")
            ? Optional.of("libraries are built on linux-x86_64, and this is " + thisMachine()) : noCompiler();
        if (skip && missing.isEmpty()) {
            missing = Optional.of("-Dnative.skip=true");
        }
        if (missing.isPresent()) {
            System.out.println("native: backend-native is built without libraries: " + missing.get());
            delete(packed);
            return;
        }
        NativeLibrary n = new NativeLibrary(folder, thisMachine(), List.of(cxx()));
        Path into = Files.createDirectories(packed.resolve(n.platform));
        List<Path> files = new ArrayList<>();
        for (int level : own ? List.of(ownLevel()) : List.of(3, 4)) {
            Path objects = folder.resolve("target/native/v" + level);
            files.add(n.library("src/main/cpp", flags(MATH, "-march=x86-64-v" + level, "-mprefer-vector-width=512"),
                n.vendored(SHIPPED), objects, "libmocha4j-v" + level + ".so", true));
        }
        files.add(n.library("src/main/probe", flags(List.of("-O2"), "-march=x86-64"), List.of(),
            folder.resolve("target/native/probe"), "libmocha4j-probe.so", true));
        n.vendored(SHIPPED).forEach(f -> files.add(Path.of(f)));
        pack(files, into);
    }

    /** What the compiler finds this processor to be; 3 if it is older, which the bundle says when it is used. */
    private static int ownLevel() throws IOException, InterruptedException {
        String macros = run(List.of(cxx(), "-march=native", "-dM", "-E", "-x", "c++", "/dev/null"));
        return Stream.of("F", "BW", "CD", "DQ", "VL").allMatch(m -> macros.contains("__AVX512" + m + "__ ")) ? 4 : 3;
    }

    private static void sanitize(Path folder) throws Exception {
        Optional<String> missing = noCompiler();
        if (missing.isPresent()) {
            throw new IllegalStateException("nothing can be checked: " + missing.get());
        }
        NativeLibrary n = new NativeLibrary(folder, thisMachine(), List.of(cxx()));
        Path into = folder.resolve("target/sanitize");
        n.library("src/main/cpp", flags(SANITIZE, "-march=x86-64-v3"), n.vendored(SHIPPED), into, "libmocha4j.so",
                false);
        for (String f : n.vendored(SHIPPED)) {
            copy(Path.of(f), into.resolve(Path.of(f).getFileName()));
        }
        for (String runtime : List.of("libasan.so", "libubsan.so", "libstdc++.so.6")) {
            String found = run(List.of(cxx(), "-print-file-name=" + runtime)).strip();
            Path link = into.resolve(runtime);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(found).toRealPath());
        }
        System.out.println("native: " + into.resolve("libmocha4j.so") + " checks itself");
        raceThreads(folder, into);
    }

    /** Runs the pool of threads with ThreadSanitizer, which cannot be loaded into a JVM. */
    private static void raceThreads(Path folder, Path into) throws Exception {
        Path program = into.resolve("pool_test");
        List<String> command = new ArrayList<>(List.of(cxx(), "-std=c++17", "-O1", "-g", "-fsanitize=thread",
            "-I" + folder.resolve("src/main/cpp"), folder.resolve("src/test/cpp/pool_test.cpp").toString(),
            folder.resolve("src/main/cpp/pool.cpp").toString(), "-fopenmp", "-o", program.toString()));
        command.addAll(WARNINGS);
        run(command);
        System.out.println("native: " + run(List.of(program.toString())).strip());
    }

    private static void cross(Path folder, String platform, String compiler) throws Exception {
        if (onPath(compiler).isEmpty()) {
            System.out.println("native: skipped " + platform + ": there is no " + compiler);
            return;
        }
        NativeLibrary n = new NativeLibrary(folder, platform, List.of(compiler));
        boolean windows = platform.startsWith("windows");
        List<String> needed = switch (platform) {
            case "windows-x86_64" -> List.of("dnnl/dnnl.dll", "openblas/libopenblas.dll");
            default -> SHIPPED.stream().filter(l -> !l.contains("quadmath")).toList();    // long double is that itself
        };
        List<String> libraries = n.vendored(needed);
        Path built = n.library("src/main/cpp", flags(MATH, windows ? "-march=x86-64-v3" : "-march=armv8-a"), libraries,
            folder.resolve("target/cross/" + platform), windows ? "mocha4j.dll" : "libmocha4j.so", true);
        System.out.println("native: compiled for " + platform + ", not run: " + built);
    }

    // --- compiling ----------------------------------------------------------------------------------------------

    private static List<String> flags(List<String> kind, String... more) {
        return Stream.of(COMMON, kind, WARNINGS, List.of(more)).flatMap(List::stream).toList();
    }

    private List<String> vendored(List<String> files) {
        return files.stream().map(f -> {
            int slash = f.indexOf('/');
            return vendor(f.substring(0, slash)).resolve(f.substring(slash + 1)).toString();
        }).toList();
    }

    private Path vendor(String library) {
        Path vendor = folder.resolve("target/vendor/org/bytedeco/" + library + "/" + platform);
        if (!Files.isDirectory(vendor)) {
            throw new IllegalStateException(vendor + " is missing: the build did not unpack the libraries for "
                    + platform);
        }
        return vendor;
    }

    /** Compiles what has changed, two files at once, and links if anything was compiled. */
    private Path library(String sources, List<String> flags, List<String> libraries, Path objects, String name,
            boolean isolated)
        throws Exception {
        Files.createDirectories(objects);
        List<String> command = new ArrayList<>(compiler);
        command.addAll(flags);
        if (!libraries.isEmpty()) {
            command.addAll(List.of("-isystem", vendor("dnnl").resolve("include").toString(),
                "-isystem", vendor("openblas").resolve("include").toString()));
        }
        List<Path> all = files(folder.resolve(sources));
        String version = run(List.of(compiler.get(0), "--version"));
        MessageDigest headers = sha256();
        for (Path f : all) {
            if (f.toString().endsWith(".h")) {
                headers.update(Files.readAllBytes(f));
            }
        }
        String key = version + String.join(" ", command) + hex(headers.digest());
        List<Path> cpps = all.stream().filter(f -> f.toString().endsWith(".cpp")).toList();
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<Path>> compiling = new ArrayList<>();
            for (Path f : cpps) {
                compiling.add(two.submit(() -> compile(f, command, key, objects)));
            }
            List<String> linked = new ArrayList<>(compiler);
            linked.addAll(link(isolated, objects));
            MessageDigest inputs = sha256();
            for (Future<Path> f : compiling) {
                linked.add(f.get().toString());
                inputs.update(Files.readAllBytes(f.get()));
            }
            linked.addAll(libraries);
            if (!libraries.isEmpty()) {
                linked.addAll(flags.stream().filter(f -> f.startsWith("-fsanitize")).toList());
                linked.add("-pthread");
            }
            Path library = objects.resolve(name);
            linked.addAll(List.of("-o", library.toString()));
            once(library, String.join(" ", linked) + hex(inputs.digest()), linked);
            return library;
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof IllegalStateException i ? i : e;
        } finally {
            two.shutdownNow();
        }
    }

    private List<String> link(boolean isolated, Path objects) throws IOException {
        if (platform.startsWith("windows")) {
            return List.of("-shared", "-static");
        }
        List<String> all = new ArrayList<>(LINK);
        if (isolated) {
            all.addAll(ISOLATED);
            all.add("-Wl,--version-script=" + Files.writeString(objects.resolve("exports.map"), EXPORTS));
        }
        return all;
    }

    private Path compile(Path source, List<String> command, String key, Path objects) throws Exception {
        Path object = objects.resolve(source.getFileName().toString().replaceAll("\\.cpp$", ".o"));
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("-c", source.toString(), "-o", object.toString()));
        once(object, key + hex(sha256().digest(Files.readAllBytes(source))), all);
        return object;
    }

    /** Runs a command unless its result is there and was made from the same. */
    private static void once(Path result, String from, List<String> command) throws Exception {
        Path note = result.resolveSibling(result.getFileName() + ".from");
        String digest = hex(sha256().digest(from.getBytes(StandardCharsets.UTF_8)));
        if (Files.exists(result) && Files.exists(note) && Files.readString(note).equals(digest)) {
            return;
        }
        Files.deleteIfExists(note);
        String said = run(command);
        if (!said.isBlank()) {
            System.out.println(said.strip());
        }
        Files.writeString(note, digest);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        p.getOutputStream().close();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (p.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + "\n" + said);
        }
        return said;
    }

    // --- the compiler -------------------------------------------------------------------------------------------

    private static String cxx() {
        String named = System.getenv("CXX");
        return named == null || named.isBlank() ? "g++" : named;
    }

    /** Why nothing can be compiled here. */
    private static Optional<String> noCompiler() throws IOException, InterruptedException {
        if (onPath(cxx()).isEmpty()) {
            return Optional.of("there is no C++ compiler [" + cxx() + "]; install g++, or name another in CXX, and"
                    + " build again");
        }
        Path source = Files.createTempFile("mocha4j", ".cpp");
        try {
            Files.writeString(source, "int main() { return 0; }\n");
            run(List.of(cxx(), "-std=c++17", "-fopenmp-simd", "-march=x86-64-v4", "-c", source.toString(), "-o",
                    "/dev/null"));
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of("the C++ compiler [" + cxx() + "] does not know C++17 or -march=x86-64-v4; "
                + "g++ 11 or newer does");
        } finally {
            Files.delete(source);
        }
    }

    private static Optional<Path> onPath(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(d -> Path.of(d).resolve(program))
            .filter(Files::isExecutable).findFirst();
    }

    private static String thisMachine() {
        String os = System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).split(" ")[0];
        String arch = System.getProperty("os.arch").replace("amd64", "x86_64").replace("aarch64", "arm64");
        return os + "-" + arch;
    }

    // --- packing ------------------------------------------------------------------------------------------------

    /** Compresses what has changed, which takes long for the large ones, and lists all with their sizes and digests. */
    private static void pack(List<Path> files, Path into) throws IOException {
        Path list = into.resolve("files.txt");
        List<String> before = Files.exists(list) ? Files.readAllLines(list) : List.of();
        List<String> lines = new ArrayList<>();
        for (Path f : files) {
            Path packed = into.resolve(f.getFileName() + ".gz");
            String known = f.getFileName() + " " + Files.size(f) + " ";
            Optional<String> line = before.stream().filter(l -> l.startsWith(known)).findFirst();
            if (line.isEmpty() || !Files.exists(packed)
                    || !Files.getLastModifiedTime(packed).equals(Files.getLastModifiedTime(f))) {
                line = Optional.of(known + compress(f, packed));
            }
            lines.add(line.get());
        }
        if (!lines.equals(before)) {
            Files.write(list, lines);
        }
        try (Stream<Path> there = Files.list(into)) {
            for (Path old : there.filter(p -> !p.equals(list)
                    && files.stream().noneMatch(f -> p.endsWith(f.getFileName() + ".gz"))).toList()) {
                Files.delete(old);
            }
        }
    }

    /** Returns the digest of the file itself. */
    private static String compress(Path from, Path to) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(from), digest);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(to), 1 << 16)) {
            in.transferTo(out);
        }
        Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
        return hex(digest.digest());
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(to) || Files.size(to) != Files.size(from)
                || !Files.getLastModifiedTime(to).equals(Files.getLastModifiedTime(from))) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
