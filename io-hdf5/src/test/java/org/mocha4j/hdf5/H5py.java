package org.mocha4j.hdf5;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs Python with h5py, where there is one. */
final class H5py {
    private H5py() {
    }

    /** The command, or null where there is none. */
    static String python() {
        for (String command : List.of("python3", "/usr/bin/python3")) {
            try {
                run(command, "import h5py");
                return command;
            } catch (IOException | IllegalStateException | InterruptedException e) {
                continue;
            }
        }
        return null;
    }

    static String run(String python, String program, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python, "-X", "utf8", "-c", program));
        command.addAll(List.of(args));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (p.waitFor() != 0) {
            throw new IllegalStateException(out);
        }
        return out;
    }
}
