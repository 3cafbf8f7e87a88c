package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of commands that read a net. */
final class NetArguments {
    static final String SET = "Replaces a value of the file, for example solver.rate.base=0.02 or "
        + "layers.conv1.filters=30. Repeatable.";

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = SET)
    List<String> set = new ArrayList<>();

    @Option(names = "--json", description = "One JSON document on standard output; everything else on standard error.")
    boolean json;
}
