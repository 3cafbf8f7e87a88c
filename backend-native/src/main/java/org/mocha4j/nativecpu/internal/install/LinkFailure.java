package org.mocha4j.nativecpu.internal.install;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mocha4j.api.DeviceException;

/** Turns what the system's loader said into one message: library, path, platform, what is missing, what to do. */
public final class LinkFailure {
    /** What the loader says, what that means, and what to do about it. */
    private enum Cause {
        NO_EXECUTION("failed to map segment from shared object", m -> "its file system is mounted noexec",
                m -> "name a folder elsewhere with -D" + Machine.FOLDER + "=FOLDER"),
        OLD_C("version `(GLIBC_[0-9.]+)' not found", m -> "it needs the C library " + m.group(1).replace('_', ' ')
                + " or newer, and this system has an older one", m -> "use a newer system, build mocha4j-nativecpu"
                + " on this one, or use the backend cpu"),
        OLD_LIBRARY("(?m)([^\\s/:]+): version `([^']+)' not found", m -> "it needs " + m.group(2) + " of " + m.group(1)
                + ", and this system has an older one", m -> remedy(m.group(1))),
        MISSING("(?m)([^\\s/:]+): cannot open shared object file: No such file or directory",
                m -> "it needs " + m.group(1) + ", which is not there", m -> remedy(m.group(1))),
        NAMELESS("Error loading shared library ([^\\s/:]+):", m -> "it needs " + m.group(1) + ", which is not there",
                m -> remedy(m.group(1))),
        OTHER_VERSION("undefined symbol: (\\w+)", m -> "nothing here has " + m.group(1) + ", since another version of a"
                + " library that it needs is in use in this process", m -> "start a new process without the other one"),
        DAMAGED("(file too short|invalid ELF header|wrong ELF class[^\\n]*)", m -> "the file is damaged: " + m.group(1),
                m -> "remove its folder; it is unpacked again");

        final Pattern said;
        final Function<MatchResult, String> meaning;
        final Function<MatchResult, String> remedy;

        Cause(String said, Function<MatchResult, String> meaning, Function<MatchResult, String> remedy) {
            this.said = Pattern.compile(said);
            this.meaning = meaning;
            this.remedy = remedy;
        }
    }

    private LinkFailure() {
    }

    private static String remedy(String library) {
        String use = ", or use the backend cpu";
        if (library.startsWith("libstdc++")) {
            return "install it (Debian and Ubuntu: libstdc++6, Fedora: libstdc++, Alpine has none that fits)" + use;
        }
        if (library.startsWith("libgcc_s")) {
            return "install it (Debian and Ubuntu: libgcc-s1, Fedora: libgcc, Alpine has none that fits)" + use;
        }
        return "install the package that has it" + use;
    }

    /** For a library that could not be loaded. */
    public static DeviceException of(Path library, String platform, LinkageError e) {
        String said = String.valueOf(e.getMessage());
        String text = Stream.of(Cause.values()).map(c -> explained(c, said)).filter(t -> t != null).findFirst()
                .orElseGet(() -> said.replaceAll("\\s*\\n\\s*", " ").strip() + "; use the backend cpu");
        return new DeviceException("native: " + library.getFileName() + " for " + platform + " cannot be loaded from "
                + library.getParent() + ": " + text, e);
    }

    private static String explained(Cause c, String said) {
        Matcher m = c.said.matcher(said);
        return m.find() ? c.meaning.apply(m.toMatchResult()) + "; " + c.remedy.apply(m.toMatchResult()) : null;
    }
}
