package org.mocha4j.launcher.command;

import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.runtime.LoadedPlugin;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code mocha plugins}: what is installed, and what could not be with its cause; exit code 1 if any could not. */
@Command(name = "plugins", mixinStandardHelpOptions = true, description = "Lists the plug-ins, and why one is missing.")
final class PluginsCommand implements Callable<Integer> {
    private final Host host;

    PluginsCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        boolean broken = !host.failures().isEmpty();
        for (LoadedPlugin p : host.plugins().snapshot().plugins()) {
            host.out().printf("%-28s %-16s %s%n", p.origin(), p.version(),
                p.plugin() == null ? "broken: " + cause(p.failure()) : p.plugin().info().title());
            broken |= p.plugin() == null;
        }
        for (Map.Entry<String, Throwable> f : host.failures().entrySet()) {
            host.out().printf("%s: not installed: %s%n", f.getKey(), cause(f.getValue()));
        }
        host.out().flush();
        return broken ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    /** The chain of causes in one line: a bundle's own error says little. */
    private static String cause(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            text.append(text.isEmpty() ? "" : ", because of ").append(t);
        }
        return text.toString();
    }
}
