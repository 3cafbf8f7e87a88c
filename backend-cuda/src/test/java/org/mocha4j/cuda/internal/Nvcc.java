package org.mocha4j.cuda.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mocha4j.cuda.internal.RecordingDriver.Given;
import org.mocha4j.cuda.internal.driver.CompilerOptions;

/**
 * The toolkit's compiler, which needs no device. What it has compiled is kept in a folder by the digest of all that
 * it depends
 * on, so that it works on what has changed.
 *
 * @param version as it says it
 */
record Nvcc(String version, Path folder) {
    private static final long MINUTES = 10;                          // the machine may be busy with other work

    /** The one on the PATH. */
    static Optional<Nvcc> installed(Path folder) {
        try {
            return Optional.of(new Nvcc(run(List.of("nvcc", "--version")), Files.createDirectories(folder)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @return where the PTX is */
    Path compile(Given source, String architecture) throws IOException {
        List<String> options = CompilerOptions.of(architecture, source.definitions());
        Path ptx = folder.resolve(digest(source.source(), options) + ".ptx");
        if (Files.exists(ptx)) {
            return ptx;
        }
        Path text = Files.createTempFile(folder, "source", ".cu");
        Path part = Files.createTempFile(folder, "part", ".ptx");
        try {
            Files.writeString(text, source.source());
            List<String> command = new ArrayList<>(List.of("nvcc", "--ptx", "--Werror=all-warnings"));
            command.addAll(options);
            command.addAll(List.of("--output-file", part.toString(), text.toString()));
            run(command);
            return Files.move(part, ptx, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(text);
            Files.deleteIfExists(part);
        }
    }

    private String digest(String source, List<String> options) {
        try {
            MessageDigest d = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(version, options.toString(), source)) {
                d.update(part.getBytes(StandardCharsets.UTF_8));
                d.update((byte) 0);
            }
            return HexFormat.of().formatHex(d.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(List<String> command) throws IOException {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!p.waitFor(MINUTES, TimeUnit.MINUTES) || p.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return said;
    }
}
