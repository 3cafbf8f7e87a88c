package org.mocha4j.launcher.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.mocha4j.api.MochaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code mocha} command; exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted after saving. */
@Command(name = "mocha", mixinStandardHelpOptions = true, versionProvider = Mocha.Version.class,
    description = "Trains and runs nets, every part of which is a plug-in.",
    footer = {"", "The first thing to try: mocha run mnist", "",
        "--plugins DIR, anywhere, adds a folder of plug-in jars; so does the variable MOCHA_PLUGINS.",
        "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted after saving."})
public final class Mocha implements Runnable {
    /** The exit code of a run that was interrupted and has saved. */
    static final int INTERRUPTED = 130;

    private final Host host;
    @Spec private CommandSpec spec;

    public Mocha(Host host) {
        this.host = host;
    }

    /** Runs one command line and returns the exit code. */
    public int run(String... args) {
        try {
            return commandLine().execute(args);
        } catch (OutOfMemoryError e) {
            return report(e, "out of memory (" + e.getMessage() + "); the limit is " + Text.bytes(
                    Runtime.getRuntime().maxMemory()) + ", MOCHA_OPTS=-Xmx8g raises it; smaller batches need less");
        } catch (Error e) {
            return report(e, "internal error: " + e);
        }
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this)
            .addSubcommand(new RunCommand(host))
            .addSubcommand(new TrainCommand(host))
            .addSubcommand(new TestCommand(host))
            .addSubcommand(new ClassifyCommand(host))
            .addSubcommand(new SummaryCommand(host))
            .addSubcommand(new ExplainCommand(host))
            .addSubcommand(new TimeCommand(host))
            .addSubcommand(new ValidateCommand(host))
            .addSubcommand(new DotCommand(host))
            .addSubcommand(new PlotCommand(host))
            .addSubcommand(new CheckGradientsCommand(host))
            .addSubcommand(new ImportCommand(host))
            .addSubcommand(new ExportCommand(host))
            .addSubcommand(new DataCommand(host))
            .addSubcommand(new PluginsCommand(host))
            .addSubcommand(new DoctorCommand(host))
            .addSubcommand(new CompletionCommand(host));
        return line.setOut(host.out()).setErr(host.err()).setUsageHelpAutoWidth(false).setUsageHelpWidth(100)
            .setParameterExceptionHandler((e, args) -> usage(e))
            .setExecutionExceptionHandler((e, command, parsed) -> report(e));
    }

    private static int usage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("mocha: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        if (e instanceof MissingParameterException) {
            err.println("Usage: " + command.getHelp().synopsis(0).strip().replaceAll("\\s*\\R\\s*", " "));
        }
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for more information.");
        return CommandLine.ExitCode.USAGE;
    }

    private int report(Exception e) {
        if (e instanceof MochaException) {
            String text = e.getMessage();
            return report(e, text.contains("\n") && !text.contains("\n  ")
                    ? text.lines().count() + " things are wrong:\n" + text : text);
        }
        if (e instanceof IOException || e instanceof UncheckedIOException) {
            return report(e, Text.of(e instanceof UncheckedIOException u ? u.getCause() : (IOException) e));
        }
        return report(e, "internal error: " + e);
    }

    private int report(Throwable e, String text) {
        host.err().println("mocha: " + text);
        if (Boolean.getBoolean("mocha.debug")) {
            e.printStackTrace(host.err());
        } else if (text.startsWith("internal error")) {
            host.err().println("MOCHA_OPTS=-Dmocha.debug=true shows where.");
        }
        host.err().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command; there are: "
            + String.join(", ", spec.subcommands().keySet()));
    }

    /** The version of this jar. */
    static String version() {
        String version = Mocha.class.getPackage().getImplementationVersion();
        return version == null ? "(unpacked)" : version;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override public String[] getVersion() {
            return new String[] {"mocha " + version()};
        }
    }
}
