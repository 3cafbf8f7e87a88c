package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginState;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mocha plugins}: what is installed, and what could not be with its cause; exit code 1 if any could not. */
@Command(name = "plugins", sortOptions = false,
    description = "Lists the plug-ins, and why one is missing.")
final class PluginsCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Option(names = {"-l", "--long"}, description = "Also what each offers.") private boolean all;
    @Option(names = "--json", description = "One JSON document on standard output.") private boolean json;

    PluginsCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        Catalog catalog = Catalog.of(host.plugins().snapshot().plugins());
        List<PluginState> plugins = catalog.plugins();
        if (json) {
            host.out().println(Json.text(json(plugins)));
        } else {
            plugins.forEach(p -> print(p, catalog));
            host.failures().forEach((file, f) -> host.out().printf("%s: not installed: %s%n", file, cause(f)));
        }
        host.out().flush();
        boolean broken = !host.failures().isEmpty() || plugins.stream().anyMatch(PluginState::broken);
        return broken ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private void print(PluginState p, Catalog catalog) {
        host.out().printf("%-28s %-16s %s%n", p.origin(), p.version(),
            p.broken() ? "broken: " + cause(p.failure()) : p.info().title());
        if (all) {
            p.provides().forEach(offer -> host.out().println("    " + offer + state(offer, catalog)));
        }
    }

    /** Of a backend: whether it can be used here, and why not. */
    private static String state(String offer, Catalog catalog) {
        return catalog.backends().stream().filter(b -> offer.equals("backend " + b.name())).map(Backend::probe)
            .map(a -> (a.usable() ? ", usable: " : ", not usable: ") + a.detail()).findFirst().orElse("");
    }

    private Map<String, Object> json(List<PluginState> plugins) {
        List<Object> list = new ArrayList<>();
        plugins.forEach(p -> list.add(Json.map("origin", p.origin(), "version", p.version(),
            "prefix", p.info() == null ? null : p.info().prefix(), "title", p.info() == null ? null : p.info().title(),
            "broken", p.broken() ? cause(p.failure()) : null, "provides", p.provides())));
        List<Object> failures = new ArrayList<>();
        host.failures().forEach((file, f) -> failures.add(Json.map("file", file, "cause", cause(f))));
        return Json.map("plugins", list, "notInstalled", failures);
    }

    /** The chain of causes in one line: a bundle's own error says little. */
    static String cause(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            text.append(text.isEmpty() ? "" : ", because of ").append(t);
        }
        return text.toString();
    }
}
