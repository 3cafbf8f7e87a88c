package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.train.Imported;
import org.mocha4j.runtime.train.Imported.Entry;
import org.mocha4j.runtime.train.Imported.Origin;
import org.mocha4j.runtime.train.ParameterFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mocha import FILE.h5 --into NET.yaml}: fits parameters of other programs into a net and reports on it. */
@Command(name = "import", sortOptions = false,
    description = "Fits the parameters in a file into a net; reports each layer, each default, and what is left over.",
    footer = {"", "FILE.h5 is what dump_network_hdf5 writes from a model of Caffe's, or any HDF5 file with a data set "
        + "layer___param for each parameter, such as conv1___filter. Shapes are compared without leading and trailing "
        + "ones. With --output the net's parameters are written, for 'mocha test --from', 'mocha train' (loadFrom of "
        + "the break Snapshot) or an own program."})
final class ImportCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "FILE.h5", description = "A parameter file, a snapshot, or a folder whose newest snapshot "
        + "is taken.") private Path from;
    @Option(names = "--into", paramLabel = "NET", required = true, description = "A file such as net.yaml, or an "
        + "example; its layers have the same names.") private String name;
    @Option(names = "--output", paramLabel = "PARAMS.h5", description = "A new file for the net's parameters; default: "
        + "nothing is written.") private Path output;
    @Option(names = "--force", description = "Replaces that file if it is there.") private boolean force;
    @Option(names = "--allow-missing", description = "Weights that the file lacks start with their initializers, as "
        + "biases do anyway.") private boolean allowMissing;
    @Mixin private Shapes shapes;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    ImportCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        OutputFile file = output == null ? null : new OutputFile(output, force);
        if (file != null) {
            file.check();
        }
        Catalog catalog = host.catalog();
        ParameterFile parameters = ParameterFile.read(TestCommand.parameters(from, catalog), catalog,
            w -> host.err().println("mocha: " + w));
        NetFile net = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(device, net.experiment(), host.environment());
        try (Inspection look = new Inspection(catalog, net, settings, shapes.map())) {
            BothPhases both = new BothPhases(look);
            Imported done = parameters.into(both, allowMissing);
            if (file != null) {
                file.write(part -> ParameterFile.write(part, both, catalog));
            }
            if (arguments.json) {
                host.out().println(Json.text(json(net, done, both.without())));
            } else {
                print(net, done, both.without());
            }
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private void print(NetFile net, Imported done, List<String> without) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("Layer", "Parameter", "Shape", "From"));
        done.entries().forEach(e -> table.add(List.of(e.layer(), e.parameter(), e.spec().shape().toString(),
            e.origin() == Origin.FILE ? "the file" : "its initializer: the file has none")));
        Text.table(table).forEach(host.out()::println);
        host.out().println();
        if (!without.isEmpty()) {
            host.out().println("Without parameters: " + String.join(", ", without));
        }
        long taken = done.entries().stream().filter(e -> e.origin() == Origin.FILE).count();
        host.out().println(net.name() + ": " + taken + " of " + done.entries().size() + " parameters from "
            + done.file());
        host.out().flush();
        done.warnings().forEach(w -> host.err().println("mocha: " + w));
        if (output != null) {
            host.out().println("Wrote " + output);
        }
    }

    private Map<String, Object> json(NetFile net, Imported done, List<String> without) {
        return Json.map("net", net.name(), "file", done.file().toString(),
            "output", output == null ? null : output.toString(),
            "parameters", done.entries().stream().map(ImportCommand::json).toList(),
            "layersWithoutParameters", without, "ignored", done.ignored());
    }

    private static Map<String, Object> json(Entry e) {
        return Json.map("layer", e.layer(), "parameter", e.parameter(),
            "shape", java.util.Arrays.stream(e.spec().shape().dims()).boxed().toList(),
            "from", e.origin() == Origin.FILE ? "file" : "initializer");
    }
}
