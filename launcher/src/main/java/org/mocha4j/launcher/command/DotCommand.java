package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Net;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code mocha dot NET}: the net as a picture, or as the text that GraphViz makes one of. */
@Command(name = "dot", sortOptions = false,
    description = "Draws a net's layers and blobs with GraphViz.",
    footer = {"", "Boxes are layers, coloured by what they do; ellipses are blobs, and lines say their shapes. Dashed "
        + "lines join layers that share parameters."})
final class DotCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Option(names = "--phase", paramLabel = "PHASE", converter = PhaseReader.class,
        description = "train or test; default: train if the net has a solver or layers for that.") private Phase phase;
    @Option(names = "--output", paramLabel = "FILE", description = "A new file.dot, or file.svg, which needs "
        + "GraphViz's program 'dot'; default: the text of file.dot to standard output.") private Path output;
    @Option(names = "--force", description = "Replaces the file if it is there.") private boolean force;
    @Mixin private Shapes shapes;
    @Mixin private OverrideArguments arguments;

    DotCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        if (force && output == null) {
            throw new ParameterException(spec.commandLine(), "--force needs --output FILE");
        }
        OutputFile file = output == null ? null : new OutputFile(output, force);
        boolean picture = file != null && file.format(spec, List.of("dot", "svg")).equals("svg");
        if (file != null) {
            file.check();
        }
        String text = text();
        if (file == null) {
            host.out().print(text);
        } else {
            file.write(picture ? GraphViz.svg(text, host.environment()) : text.getBytes(StandardCharsets.UTF_8));
            host.out().println("Wrote " + output);
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private String text() {
        Catalog catalog = host.catalog();
        NetFile net = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(new DeviceArguments(), net.experiment(), host.environment());
        try (Inspection look = new Inspection(catalog, net, settings, shapes.map())) {
            Phase shown = phase != null ? phase : look.has(Phase.TRAIN) ? Phase.TRAIN : Phase.TEST;
            try (Net built = look.net(shown)) {
                return new NetDrawing(catalog, net.name(), shown).text(built, look.replaced(shown));
            }
        }
    }

    static final class PhaseReader implements ITypeConverter<Phase> {
        @Override public Phase convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "train" -> Phase.TRAIN;
                case "test" -> Phase.TEST;
                default -> throw new TypeConversionException("expected train or test, found [" + text + "]");
            };
        }
    }
}
