package org.mocha4j.launcher.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final byte[] IMAGES = IdxBytes.of(2 * 784, 2051, 2, 28, 28);
    private static final byte[] LABELS = IdxBytes.of(2, 2049, 2);
    private static final String NL = System.lineSeparator();

    @TempDir
    Path temp;
    private final List<String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        folder = temp.resolve("mnist");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        serve("/good/images.gz", IdxBytes.zip(IMAGES));
        serve("/good/labels.gz", IdxBytes.zip(LABELS));
        byte[] other = IMAGES.clone();
        other[100] ^= 1;
        serve("/other/images.gz", IdxBytes.zip(other));
        serve("/short/images.gz", IdxBytes.zip(Arrays.copyOf(IMAGES, 500)));
        serve("/long/images.gz", IdxBytes.zip(new byte[10_000_000]));
        serve("/page/images.gz", "<html>".getBytes());
        server.createContext("/moved/", exchange -> {
            exchange.getResponseHeaders().add("Location", exchange.getRequestURI().getPath().replace("moved", "good"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/cut/", exchange -> {
            byte[] bytes = IdxBytes.zip(IMAGES);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
            exchange.close();
        });
        server.createContext("/stalled/", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            await();
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        done.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void await() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(String path, byte[] bytes) {
        server.createContext(path, exchange -> {
            synchronized (asked) {
                asked.add(path);
            }
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private URI mirror(String name) {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/" + name + "/");
    }

    private static String sum(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private Download download(Duration timeout, String... mirrors) throws Exception {
        return new Download(Stream.of(mirrors).map(this::mirror).toList(),
                List.of(new Download.Wanted("images.gz", IMAGES.length, sum(IMAGES), true),
                        new Download.Wanted("labels.gz", LABELS.length, sum(LABELS), true)), timeout);
    }

    private List<String> present() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private void assertComplete() throws IOException {
        assertEquals(List.of("images.gz", "labels.gz"), present());
        assertArrayEquals(IdxBytes.zip(IMAGES), Files.readAllBytes(folder.resolve("images.gz")));
        assertArrayEquals(IdxBytes.zip(LABELS), Files.readAllBytes(folder.resolve("labels.gz")));
    }

    @Test
    void asksOnlyTheFirstMirrorIfItIsGood() throws Exception {
        download(Duration.ofSeconds(20), "good", "other").into(folder, told::add);
        assertComplete();
        assertEquals(List.of("/good/images.gz", "/good/labels.gz"), asked);
        assertEquals(List.of("Fetching " + mirror("good") + "images.gz",
                "Fetching " + mirror("good") + "labels.gz"), told);
    }

    @Test
    void asksNothingIfTheFilesAreThere() throws Exception {
        Download download = download(Duration.ofSeconds(20), "good");
        download.into(folder, told::add);
        asked.clear();
        told.clear();
        download.into(folder, told::add);
        assertEquals(List.of(), asked);
        assertEquals(List.of(folder.resolve("images.gz") + " is there already and is right",
                folder.resolve("labels.gz") + " is there already and is right"), told);
    }

    @Test
    void aFileMayBeComparedAsItIs() throws Exception {
        byte[] zipped = IdxBytes.zip(IMAGES);
        new Download(List.of(mirror("good")),
                List.of(new Download.Wanted("images.gz", zipped.length, sum(zipped), false)), Duration.ofSeconds(20))
                .into(folder, told::add);
        assertArrayEquals(zipped, Files.readAllBytes(folder.resolve("images.gz")));
        Download other = new Download(List.of(mirror("good")),
                List.of(new Download.Wanted("labels.gz", zipped.length, sum(zipped), false)), Duration.ofSeconds(20));
        IOException e = assertThrows(IOException.class, () -> other.into(folder, told::add));
        assertTrue(e.getMessage().contains("labels.gz: " + IdxBytes.zip(LABELS).length + " bytes, expected "
                + zipped.length), e.getMessage());
    }

    @Test
    void followsARedirection() throws Exception {
        download(Duration.ofSeconds(20), "moved").into(folder, told::add);
        assertComplete();
    }

    @Test
    void goesOnToTheNextMirrorAndSaysWhy() throws Exception {
        download(Duration.ofSeconds(20), "missing", "other", "short", "long", "page", "good").into(folder, told::add);
        assertComplete();
        byte[] other = IMAGES.clone();
        other[100] ^= 1;
        List<String> failed = told.stream().filter(t -> t.startsWith("Failed") && t.contains("images.gz")).toList();
        assertEquals(List.of(
                "Failed: " + mirror("missing") + "images.gz: HTTP status 404, expected 200",
                "Failed: " + mirror("other") + "images.gz: SHA-256 of the unzipped content is " + sum(other)
                        + ", expected " + sum(IMAGES),
                "Failed: " + mirror("short") + "images.gz: 500 bytes unzipped, expected 1584",
                "Failed: " + mirror("long") + "images.gz: more than 1584 bytes unzipped, expected 1584",
                "Failed: " + mirror("page") + "images.gz: ZipException: Not in GZIP format"), failed);
    }

    @Test
    void surviveACutAndAStalledConnection() throws Exception {
        download(Duration.ofSeconds(2), "cut", "stalled", "good").into(folder, told::add);
        assertComplete();
        assertTrue(told.stream().anyMatch(t -> t.startsWith("Failed: " + mirror("cut") + "images.gz: ")),
                told.toString());
        assertTrue(told.contains("Failed: " + mirror("stalled") + "images.gz: not complete after 2000 ms"),
                told.toString());
    }

    @Test
    void ifAllFailOneErrorNamesThemAllAndNothingIsLeft() throws Exception {
        Download download = download(Duration.ofSeconds(20), "missing", "page");
        IOException e = assertThrows(IOException.class, () -> download.into(folder, told::add));
        assertEquals("No mirror gave images.gz:" + NL
                + "  " + mirror("missing") + "images.gz: HTTP status 404, expected 200" + NL
                + "  " + mirror("page") + "images.gz: ZipException: Not in GZIP format" + NL
                + "Get the official files by other means and name their folder instead.", e.getMessage());
        assertFalse(Files.exists(folder));
    }

    @Test
    void anUnreachableMirrorIsAFailureLikeAnyOther() throws Exception {
        Download download = download(Duration.ofSeconds(20), "good");
        server.stop(0);
        Files.createDirectories(folder);
        IOException e = assertThrows(IOException.class, () -> download.into(folder, told::add));
        assertTrue(e.getMessage().contains(mirror("good") + "images.gz: ConnectException"), e.getMessage());
        assertEquals(List.of(), present());
    }

    @Test
    void aFileWithOtherContentIsLeftAlone() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("images.gz"), "mine");
        Download download = download(Duration.ofSeconds(20), "good");
        IOException e = assertThrows(IOException.class, () -> download.into(folder, told::add));
        assertEquals(folder.resolve("images.gz") + " is there already but is not the official file: ZipException: Not"
                + " in GZIP format; move it away or name another folder", e.getMessage());
        assertEquals("mine", Files.readString(folder.resolve("images.gz")));
        assertEquals(List.of(), asked);
    }
}
