package org.mocha4j.nativecpu.internal.install;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What the installation has to know of the machine.
 *
 * @param platform   operating system and processor, such as {@code linux-x86_64}
 * @param configured the folder that the user has named; null for none
 * @param cache      the folder that is taken by default; null where the user has no home
 * @param temporary  where a folder for this process alone is made if the default cannot be written to
 * @param user       who runs this process
 * @param files      how files are written
 */
public record Machine(String platform, Path configured, Path cache, Path temporary, String user, Output files) {
    /** The system property that names the folder of the libraries. */
    public static final String FOLDER = "mocha.native.folder";

    /** Opens a file that is there and empty, to write to it. */
    public interface Output {
        OutputStream open(Path file) throws IOException;
    }

    /** This one. */
    public static Machine current(UnaryOperator<String> properties, Map<String, String> environment) {
        String named = properties.apply(FOLDER);
        return new Machine(platform(properties.apply("os.name"), properties.apply("os.arch")),
                named == null || named.isBlank() ? null : Path.of(named).toAbsolutePath(),
                cache(properties.apply("user.home"), environment.get("XDG_CACHE_HOME")),
                Path.of(properties.apply("java.io.tmpdir")).toAbsolutePath(), user(properties), Files::newOutputStream);
    }

    /** The name under which libraries for a machine are packed. */
    static String platform(String os, String arch) {
        String o = os.toLowerCase(Locale.ROOT);
        String system = o.startsWith("windows") ? "windows" : o.startsWith("mac") ? "macosx" : o.replace(" ", "");
        return system + "-" + switch (arch) {
            case "amd64", "x86_64", "x64" -> "x86_64";
            case "aarch64", "arm64" -> "arm64";
            default -> arch;
        };
    }

    /** By the rules of freedesktop.org: a relative folder in the variable does not count. */
    static Path cache(String home, String named) {
        if (named != null && Path.of(named).isAbsolute()) {
            return Path.of(named, "mocha4j", "native");
        }
        if (home == null || !Path.of(home).isAbsolute() || !Files.isDirectory(Path.of(home))) {
            return null;
        }
        return Path.of(home, ".cache", "mocha4j", "native");
    }

    /** Who owns what this process makes. The name that Java knows may be another, or {@code ?}. */
    private static String user(UnaryOperator<String> properties) {
        try {
            return Files.getOwner(Path.of("/proc/self")).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return properties.apply("user.name");
        }
    }
}
