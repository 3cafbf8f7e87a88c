package org.mocha4j.nativecpu.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;

/**
 * Which way convolutions are computed, in a file: one line each. The first line about a convolution that gets into the file
 * stays. Written beside and renamed, with what others have added since, so that several processes may write one file.
 */
final class PlanFile {
    /** What the times were taken with: they say nothing about other machines. */
    record Machine(String library, int threads) {
    }

    /** @param milliseconds of the ways that were timed @param line 0 until it was read from the file */
    record Choice(String way, Map<String, Double> milliseconds, int line) {
    }

    private final Path file;
    private final Machine machine;
    private final Map<String, Choice> choices = new LinkedHashMap<>();

    private PlanFile(Path file, Machine machine) {
        this.file = file;
        this.machine = machine;
    }

    /** @throws ConfigurationException if it cannot be read, is no such file, or was made with another machine */
    static PlanFile read(Path file, Machine machine) {
        PlanFile p = new PlanFile(file, machine);
        try {
            p.choices.putAll(PlanText.read(file.toString(), Files.readString(file), machine));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("plans: there is no file " + file + "; --tune " + file + " makes it", e);
        } catch (IOException e) {
            throw new ConfigurationException("the plan file " + file + " cannot be read: " + reason(e), e);
        }
        return p;
    }

    /** As {@link #read}, but a file that is not there is made. */
    static PlanFile open(Path file, Machine machine) {
        if (Files.exists(file)) {
            return read(file, machine);
        }
        PlanFile p = new PlanFile(file, machine);
        try {
            p.write();
        } catch (UncheckedIOException e) {
            throw new ConfigurationException("the plan file " + file + " cannot be written: " + reason(e.getCause()), e);
        }
        return p;
    }

    private static String reason(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "it is not text";
        }
        return e instanceof AccessDeniedException ? "permission denied" : e instanceof NoSuchFileException ? "no such folder"
                : e.getMessage();
    }

    String name() {
        return file.getFileName().toString();
    }

    /** For messages: the file, and the line where there is one. */
    String place(Choice c) {
        return file + (c.line() == 0 ? "" : ":" + c.line());
    }

    synchronized Optional<Choice> choice(String key) {
        return Optional.ofNullable(choices.get(key));
    }

    /**
     * Adds the fastest way, unless the file has got a line about it meanwhile, and writes the file.
     *
     * @return what the file says
     */
    synchronized Choice add(String key, Map<String, Double> milliseconds) {
        String way = milliseconds.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
        try {
            if (Files.exists(file)) {
                PlanText.read(file.toString(), Files.readString(file), machine).forEach(choices::putIfAbsent);
            }
            choices.putIfAbsent(key, new Choice(way, milliseconds, 0));
            write();
        } catch (IOException | UncheckedIOException e) {
            IOException cause = e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
            throw new DeviceException("the plan file " + file + " cannot be written: " + reason(cause), e);
        }
        return choices.get(key);
    }

    private void write() {
        try {
            Path to = file.toAbsolutePath();
            Path beside = Files.createTempFile(to.getParent(), "." + name(), ".new");
            try {
                Files.writeString(beside, PlanText.write(machine, choices));
                Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
