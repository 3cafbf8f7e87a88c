package org.mocha4j.launcher.command;

import picocli.CommandLine.Option;

/** The option that every command has. */
final class Help {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean asked;
}
