package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option of commands that read a net and have no JSON. */
final class OverrideArguments {
    @Option(names = "--set", paramLabel = "PATH=VALUE", description = NetArguments.SET)
    List<String> set = new ArrayList<>();
}
