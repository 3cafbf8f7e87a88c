package org.mocha4j.nativecpu.internal.install;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A bundle of small files, which are no libraries, and the machines to install it on. */
final class FakeBundle {
    static final String PLATFORM = "linux-x86_64";
    static final String OWN = "libmocha4j-v3.so";
    static final String NEEDED = "libneeded.so.1";

    final Map<String, String> files = new LinkedHashMap<>(Map.of("files.txt", ""));
    final List<String> opened = new ArrayList<>();
    /** Whether files lie in the bundle without being compressed, as they must not. */
    boolean asTheyAre;

    FakeBundle() {
        put(OWN, "own");
        put(NEEDED, "needed");
    }

    /** Adds a file, or another version of one. */
    FakeBundle put(String name, String content) {
        files.put(name, content);
        StringBuilder list = new StringBuilder();
        files.forEach((n, c) -> {
            if (!n.equals("files.txt")) {
                list.append(n).append(' ').append(c.length()).append(' ').append(sha256(c)).append('\n');
            }
        });
        files.put("files.txt", list.toString());
        return this;
    }

    static String sha256(String content) {
        return HexFormat.of().formatHex(Bundled.sha256().digest(content.getBytes(StandardCharsets.UTF_8)));
    }

    synchronized InputStream open(String path) {
        String name = path.replace("/META-INF/native/" + PLATFORM + "/", "").replace(".gz", "");
        opened.add(name);
        String content = files.get(name);
        byte[] bytes = content == null ? null : content.getBytes(StandardCharsets.UTF_8);
        return bytes == null ? null : new ByteArrayInputStream(path.endsWith(".gz") && !asTheyAre
                ? zipped(bytes) : bytes);
    }

    private static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    Bundled bundle() {
        return Bundled.of(PLATFORM, this::open);
    }

    static String user() throws IOException {
        return Machine.current(System::getProperty, Map.of()).user();
    }

    /** The user names the folder. */
    static Machine configured(Path folder) throws IOException {
        return new Machine(PLATFORM, folder, null, folder, user(), Files::newOutputStream);
    }

    /** The user names none. */
    static Machine byDefault(Path cache, Path temporary, Machine.Output output) throws IOException {
        return new Machine(PLATFORM, null, cache, temporary, user(), output);
    }

    /** Fails as a full disk does, below some folders. */
    static OutputStream full(Path file, Path... folders) throws IOException {
        for (Path f : folders) {
            if (file.startsWith(f)) {
                return new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
            }
        }
        return Files.newOutputStream(file);
    }
}
