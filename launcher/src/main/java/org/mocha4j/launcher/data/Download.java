package org.mocha4j.launcher.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Fetches the official files of a data set from public mirrors. Nothing happens before {@link #into} is called. A file
 * is accepted only if it has the published size and SHA-256 sum; it appears in the folder under its own name complete
 * or not at all.
 *
 * @param mirrors where to look, tried in order for each file; each ends in a slash
 * @param files   what to fetch
 * @param timeout for one file from one mirror, all included
 */
public record Download(List<URI> mirrors, List<Wanted> files, Duration timeout) {
    /**
     * One file.
     *
     * @param name   its name at the mirror and in the folder
     * @param bytes  its size
     * @param sha256 its SHA-256 sum in lower-case hexadecimal digits
     * @param zipped whether size and sum are those of the unzipped content, as the gzip wrapping differs between
     *               mirrors
     */
    public record Wanted(String name, long bytes, String sha256, boolean zipped) { }

    private static final Duration CONNECT = Duration.ofSeconds(20);

    /** MNIST: the four official files and the known mirrors. */
    public static final Download MNIST = new Download(
            List.of(URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                    URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                    URI.create("https://raw.githubusercontent.com/fgnt/mnist/master/")),
            List.of(new Wanted("train-images-idx3-ubyte.gz", 47_040_016,
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", true),
                    new Wanted("train-labels-idx1-ubyte.gz", 60_008,
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", true),
                    new Wanted("t10k-images-idx3-ubyte.gz", 7_840_016,
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", true),
                    new Wanted("t10k-labels-idx1-ubyte.gz", 10_008,
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", true)),
            Duration.ofMinutes(5));

    /** CIFAR-10: the archive of the binary version at its author's site. */
    public static final Download CIFAR10 = new Download(List.of(URI.create("https://www.cs.toronto.edu/~kriz/")),
            List.of(new Wanted("cifar-10-binary.tar.gz", 170_052_171,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", false)),
            Duration.ofMinutes(60));

    public Download {
        mirrors = List.copyOf(mirrors);
        files = List.copyOf(files);
        Objects.requireNonNull(timeout, "timeout");
    }

    /**
     * Fetches what the folder (made if missing) does not have. Files that are there and right are kept.
     *
     * @param progress is told one line about each file and about each mirror that failed
     * @throws IOException if a file could not be had, naming each mirror and why it failed, or if the folder has a
     *                     file of that name with other content, which is left as it is
     */
    public void into(Path folder, Consumer<String> progress) throws IOException, InterruptedException {
        boolean made = Files.notExists(folder);
        Files.createDirectories(folder);
        try {
            each(folder, progress);
        } finally {
            if (made && isEmpty(folder)) {
                Files.delete(folder);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private void each(Path folder, Consumer<String> progress) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT).build();
        for (Wanted file : files) {
            Path target = folder.resolve(file.name());
            if (Files.exists(target)) {
                try {
                    verify(target, file);
                } catch (IOException e) {
                    throw new IOException(target + " is there already but is not the official file: "
                            + reason(e) + "; move it away or name another folder", e);
                }
                progress.accept(target + " is there already and is right");
            } else {
                fetch(client, file, target, progress);
            }
        }
    }

    private void fetch(HttpClient client, Wanted file, Path target, Consumer<String> progress)
            throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (URI mirror : mirrors) {
            URI from = mirror.resolve(file.name());
            Path part = target.resolveSibling(file.name() + "-" + UUID.randomUUID() + ".part");
            try {
                progress.accept("Fetching " + from);
                get(client, from, part);
                verify(part, file);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (IOException e) {
                failures.add(from + ": " + reason(e));
                progress.accept("Failed: " + from + ": " + reason(e));
            } finally {
                Files.deleteIfExists(part);
            }
        }
        throw new IOException("No mirror gave " + file.name() + ":" + System.lineSeparator() + "  "
                + String.join(System.lineSeparator() + "  ", failures) + System.lineSeparator()
                + "Get the official files by other means and name their folder instead.");
    }

    private void get(HttpClient client, URI from, Path part) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(from).timeout(timeout).build();
        CompletableFuture<HttpResponse<Path>> answer = client.sendAsync(request, info -> info.statusCode() == 200
                ? HttpResponse.BodySubscribers.ofFile(part) : HttpResponse.BodySubscribers.replacing(part));
        try {
            int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status != 200) {
                throw new IOException("HTTP status " + status + ", expected 200");
            }
        } catch (TimeoutException e) {
            throw new IOException("not complete after " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static void verify(Path file, Wanted wanted) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (InputStream in = wanted.zipped() ? new GZIPInputStream(Files.newInputStream(file), 1 << 16)
                : Files.newInputStream(file)) {
            byte[] block = new byte[1 << 16];
            for (int n = in.read(block); n >= 0 && bytes <= wanted.bytes(); n = in.read(block)) {
                digest.update(block, 0, n);
                bytes += n;
            }
        }
        if (bytes != wanted.bytes()) {
            throw new IOException((bytes > wanted.bytes() ? "more than " + wanted.bytes() : bytes)
                    + " bytes" + (wanted.zipped() ? " unzipped" : "") + ", expected " + wanted.bytes());
        }
        String sum = HexFormat.of().formatHex(digest.digest());
        if (!sum.equals(wanted.sha256())) {
            throw new IOException("SHA-256 of the " + (wanted.zipped() ? "unzipped content" : "file") + " is " + sum
                    + ", expected " + wanted.sha256());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static String reason(Throwable e) {
        String text = e.getMessage();
        if (e.getClass() == IOException.class && text != null) {
            return text;
        }
        return e.getClass().getSimpleName() + (text == null ? "" : ": " + text);
    }
}
