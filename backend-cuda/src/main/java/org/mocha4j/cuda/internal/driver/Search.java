package org.mocha4j.cuda.internal.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.mocha4j.api.DeviceException;

/**
 * Finds and opens a library.
 *
 * @param places where
 * @param opener how
 */
record Search(Places places, Shared.Opener opener) {
    /**
     * One that was found.
     *
     * @param file    where it is
     * @param version what stands behind {@code .so.}
     */
    record Found(Path file, String version, Shared library) {
    }

    /**
     * What is looked for.
     *
     * @param title    as people call it
     * @param name     without versions: {@code libnvrtc.so}
     * @param versions the best first
     * @param beside   beginnings of what lies beside it and is loaded before it, as it may be found there alone
     * @param remedy   what to install
     */
    record Wanted(String title, String name, List<String> versions, List<String> beside, String remedy) {
        String files() {
            return versions.stream().map(v -> name + "." + v).collect(Collectors.joining(" or "));
        }
    }

    /** @throws DeviceException in one line that says what was looked for, where, what was found, what to install */
    Found find(Wanted w) {
        List<String> failures = new ArrayList<>();
        for (String version : w.versions()) {
            for (Path file : places.find(w.name() + "." + version)) {
                try {
                    return new Found(file, version, open(file, version, w));
                } catch (UnsatisfiedLinkError e) {
                    failures.add(file + ": " + Text.line(e));
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new DeviceException(w.title() + " cannot be loaded (" + String.join(", ", failures) + "); " + w.remedy());
        }
        List<Path> others = places.similar(w.name() + ".");
        throw new DeviceException("there is no " + w.title() + " (" + w.files() + "); looked in " + places + "; "
                + (others.isEmpty() ? "" : "found only " + others.stream().map(Path::toString)
                        .collect(Collectors.joining(", ")) + "; ") + w.remedy());
    }

    private Shared open(Path file, String version, Wanted w) {
        for (String beginning : w.beside()) {
            Places.list(file.getParent(), beginning + "." + version + "*").forEach(opener::open);
        }
        return opener.open(file);
    }
}
