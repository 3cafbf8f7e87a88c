package org.mocha4j.nativecpu.internal.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.mocha4j.api.DeviceException;

/** The libraries in the bundle for one platform, compressed, by the list that the build has packed with them. */
public record Bundled(String platform, List<Entry> entries, Resources resources) {
    /** Libraries are built for these. */
    static final List<String> PLATFORMS = List.of("linux-x86_64");

    /** A file: its name, its size in bytes and its SHA-256. */
    public record Entry(String name, long size, String sha256) {
        /** One of this project's own libraries; the others come from elsewhere and change seldom. */
        public boolean own() {
            return name.startsWith("libmocha4j");
        }

        /** Its name where it is installed. Own ones carry their digest: several versions lie beside the rest. */
        String installedName() {
            return own() ? name.replaceFirst("\\.", "-" + sha256.substring(0, 16) + ".") : name;
        }
    }

    /** What is in the bundle; null for what is not. */
    public interface Resources {
        InputStream open(String path) throws IOException;
    }

    /** @throws DeviceException if there are none for the platform, or the list cannot be read */
    public static Bundled of(String platform, Resources resources) {
        try (InputStream in = resources.open(folder(platform) + "files.txt")) {
            if (in == null) {
                throw new DeviceException(none(platform, resources));
            }
            String list = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Bundled(platform, list.lines().map(Bundled::entry).toList(), resources);
        } catch (IOException | IllegalArgumentException e) {
            throw new DeviceException("native: the list of libraries in the bundle cannot be read (" + e.getMessage()
                    + "); install mocha4j-nativecpu again", e);
        }
    }

    private static String none(String platform, Resources resources) throws IOException {
        if (!PLATFORMS.contains(platform)) {
            return "native: there are no libraries for " + platform + ", only for " + String.join(", ", PLATFORMS)
                    + "; use the backend cpu";
        }
        return "native: this bundle was built without libraries, as is done where there is no C++ compiler; install"
                + " g++ and build it again, or use the backend cpu";
    }

    private static Entry entry(String line) {
        String[] words = line.split(" ");
        if (words.length != 3 || !words[0].matches("[A-Za-z0-9_+.-]+") || !words[2].matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("found [" + line + "], expected a name, a size and a SHA-256");
        }
        return new Entry(words[0], Long.parseLong(words[1]), words[2]);
    }

    private static String folder(String platform) {
        return "/META-INF/native/" + platform + "/";
    }

    InputStream open(Entry e) throws IOException {
        InputStream in = resources.open(folder(platform) + e.name() + ".gz");
        if (in == null) {
            throw damaged(e);
        }
        try {
            return new GZIPInputStream(in, 1 << 16);
        } catch (ZipException x) {
            throw damaged(e);
        }
    }

    DeviceException damaged(Entry e) {
        return new DeviceException("native: " + e.name() + " in the bundle is damaged: it is not what the bundle's"
                + " list says; install mocha4j-nativecpu again");
    }

    Entry find(String name) {
        return entries.stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow(() -> new DeviceException(
                "native: there is no " + name + " in the bundle; install mocha4j-nativecpu again"));
    }

    public boolean has(String name) {
        return entries.stream().anyMatch(e -> e.name().equals(name));
    }

    /** Those that own libraries need. */
    List<Entry> needed() {
        return entries.stream().filter(e -> !e.own()).toList();
    }

    long bytes() {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    /** Differs if anything that own libraries need differs. */
    String key() {
        MessageDigest d = sha256();
        needed().forEach(e -> d.update((e.name() + " " + e.sha256() + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(d.digest()).substring(0, 32);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);                  // every Java has it
        }
    }
}
