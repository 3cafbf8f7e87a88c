package org.mocha4j.nativecpu.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.nativecpu.internal.install.Bundled;
import org.mocha4j.nativecpu.internal.install.Machine;

/**
 * A program that says what the backend says about itself, or where {@code mocha.test.threads} names a number of threads,
 * what comes of opening a device of so many; the test's own class path in a process of its own.
 */
final class Probe {
    private Probe() {
    }

    public static void main(String[] args) {
        Integer threads = Integer.getInteger("mocha.test.threads");
        System.out.println(threads == null ? new NativeBackend().probe().detail() : opening(threads));
    }

    private static String opening(int threads) {
        try (Device d = new NativeBackend().open(DeviceOptions.threads(threads))) {
            return "opened";
        } catch (DeviceException e) {
            return e.getMessage();
        }
    }

    /** Why there is no library to test; null if there is one. */
    static String missing() {
        Machine m = Loader.current().machine();
        try {
            Bundled.of(m.platform(), Loader.class::getResourceAsStream);
            return null;
        } catch (DeviceException e) {
            return e.getMessage();
        }
    }

    static List<String> command(Path folder, String... options) {
        List<String> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-cp",
                System.getProperty("java.class.path"), "-Djna.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-D" + Machine.FOLDER + "=" + folder));
        if (Runtime.version().feature() >= 24) {
            all.add("--enable-native-access=ALL-UNNAMED");       // without, a warning goes to the output
        }
        all.addAll(List.of(options));
        all.add(Probe.class.getName());
        return all;
    }

    static String said(Process p) throws IOException, InterruptedException {
        String text = new String(p.getInputStream().readAllBytes()).strip();
        p.waitFor();
        return text;
    }

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }
}
