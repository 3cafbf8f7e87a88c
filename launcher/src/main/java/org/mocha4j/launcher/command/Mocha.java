package org.mocha4j.launcher.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code mocha} command; exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted after saving. */
@Command(name = "mocha", mixinStandardHelpOptions = true, versionProvider = Mocha.Version.class,
    description = "Trains and runs nets, every part of which is a plug-in.",
    footer = {"", "--plugins DIR, anywhere, adds a folder of plug-in jars; so does the variable MOCHA_PLUGINS."})
public final class Mocha implements Runnable {
    private final Host host;
    @Spec private CommandSpec spec;

    public Mocha(Host host) {
        this.host = host;
    }

    /** Runs one command line and returns the exit code. */
    public int run(String... args) {
        return commandLine().setOut(host.out()).setErr(host.err())
            .setExecutionExceptionHandler((e, line, parsed) -> report(e)).execute(args);
    }

    private CommandLine commandLine() {
        return new CommandLine(this)
            .addSubcommand(new PluginsCommand(host));
    }

    private int report(Exception e) {
        host.err().println("mocha: " + e.getMessage());
        if (Boolean.getBoolean("mocha.debug")) {
            e.printStackTrace(host.err());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override public String[] getVersion() {
            return new String[] {"mocha " + Mocha.class.getPackage().getImplementationVersion()};
        }
    }
}
