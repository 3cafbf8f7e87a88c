package org.mocha4j.gputest;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mocha4j.launcher.command.Host;
import org.mocha4j.launcher.command.Mocha;
import org.mocha4j.runtime.PluginSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A run of the {@code mocha} command in this process, on the plug-ins under test. */
record Command(int code, String out, String err) {
    static Command run(Setup setup, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        System.out.println("mocha " + String.join(" ", arguments));
        int code = new Mocha(new Host(PluginSource.of(setup.plugins()), Map.of(), new PrintWriter(out, true),
                new PrintWriter(err, true), Map.of())).run(arguments.toArray(String[]::new));
        System.out.println(out);
        System.out.println(err);
        return new Command(code, out.toString(), err.toString());
    }

    /** @throws IllegalStateException with its message if it failed */
    static Command succeed(Setup setup, String... arguments) {
        Command c = run(setup, Arrays.asList(arguments));
        if (c.code != 0) {
            throw new IllegalStateException(c.err.strip());
        }
        return c;
    }

    /** What it printed, which is one JSON document. */
    @SuppressWarnings("unchecked")
    Map<String, Object> json() {
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(out);
    }

    String lastLine() {
        return out.strip().lines().reduce("", (a, b) -> b);
    }
}
