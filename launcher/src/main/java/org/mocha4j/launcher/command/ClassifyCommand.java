package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Shape;
import org.mocha4j.image.Classification;
import org.mocha4j.image.Classification.Prediction;
import org.mocha4j.image.ImageClassifier;
import org.mocha4j.image.Picture;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.SnapshotFolder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha classify NET --images FILE…}: says what is on images. */
@Command(name = "classify", sortOptions = false, description = "Says what is on images, with a trained net.",
    footer = {"", "The images take the place of the net's data layer; layers that need labels are left out. Grey "
        + "images become coloured for nets with 3 channels, coloured ones grey for nets with 1; what is transparent "
        + "becomes white.", "", "Example: mocha classify cifar10 --from mocha-runs/cifar10-1 --mean data/mean.hdf5 "
        + "--images photos"})
final class ClassifyCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Option(names = "--images", paramLabel = "PATH", required = true, arity = "1..*",
        description = "Images, and folders for all images in and below them.") private List<Path> images;
    @Option(names = "--from", paramLabel = "PATH", description = "A snapshot, a parameter file, or a "
        + "folder whose newest snapshot is taken, such as the --output of a run. Default for files: the folder that the "
        + "break Snapshot of the file names.") private Path from;
    @Option(names = "--labels", paramLabel = "FILE", description = "The names of the classes, one per line in the "
        + "net's order; default: their numbers, of an example its names.") private Path labels;
    @Option(names = "--top", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Classes to show for each image; default: 5.") private int top = 5;
    @Option(names = "--batch", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Images, or cuts of them, to compute at once; default: 16.") private int batch = 16;
    @Mixin private ImageArguments image;
    @Option(names = "--blob", paramLabel = "NAME", description = "The blob that takes images; default: the first that "
        + "the net's data layer gives.") private String blob;
    @Option(names = "--scores", paramLabel = "NAME", description = "The blob with a number for each class; default: "
        + "the one that no layer takes.") private String scores;
    @Option(names = "--softmax", arity = "1", paramLabel = "yes|no", converter = YesNo.class,
        description = "Whether softmax makes probabilities of these numbers; default: unless a layer "
            + "Softmax gives them.") private Boolean softmax;
    @Mixin private Shapes shapes;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    ClassifyCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        Catalog catalog = host.catalog();
        NetFile file = NetFile.read(name, arguments.set, catalog);
        Settings settings = Settings.of(device, file.experiment(), host.environment());
        List<String> names = names(file.example());
        List<Path> files = ImageFiles.find(images);
        var in = input(file, catalog);
        Path parameters = parameters(file, catalog);
        Progress progress = Progress.of(host, arguments.json);
        List<Map<String, Object>> found = new ArrayList<>();
        try (Session session = Session.open(catalog, settings.session(catalog, file.base()));
             ImageClassifier classifier = ImageClassifier.open(session, file.name(), file.nodes(), file.options(), in,
                 new ImageClassifier.Output(scores, softmax, null))) {
            boolean fitting = names == null || names.size() == classifier.classes();
            if (labels != null && !fitting) {
                throw new ConfigurationException(labels + " has " + names.size() + " labels, but " + file.name()
                    + " has " + classifier.classes() + " classes; expected: one line for each");
            }
            progress.line("Parameters: " + parameters);
            classifier.load(parameters, progress::warning);
            progress.line("Backend " + session.selection());
            for (int i = 0; i < files.size(); i += batch) {
                List<Path> some = files.subList(i, Math.min(i + batch, files.size()));
                classify(classifier, some, fitting ? names : null, found);
            }
        }
        if (arguments.json) {
            host.out().println(Json.text(Json.map("net", file.name(), "file", file.shown(), "from",
                parameters.toString(), "images", found)));
        }
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private void classify(ImageClassifier classifier, List<Path> files, List<String> names,
                          List<Map<String, Object>> found) {
        List<Picture> pictures = files.stream().map(Picture::read).toList();
        List<Classification> all = classifier.classify(pictures);
        for (int i = 0; i < files.size(); i++) {
            List<Prediction> best = new Classification(all.get(i).probabilities(), names).top(top);
            Picture p = pictures.get(i);
            if (arguments.json) {
                found.add(Json.map("file", files.get(i).toString(), "width", p.width(), "height", p.height(),
                    "predictions", best.stream().map(b -> Json.map("label", b.label(), "name", b.name(), "probability",
                        b.probability())).toList()));
            } else {
                host.out().println();
                host.out().println(files.get(i) + " (" + p.size() + ")");
                best.forEach(b -> host.out().println(String.format(Locale.ROOT, "  %6.2f%%  %s", 100 * b.probability(),
                    b.name())));
                host.out().flush();
            }
        }
    }

    private ImageClassifier.Input input(NetFile file, Catalog catalog) throws IOException {
        Example example = file.example();
        boolean meanIsSet = example != null && example.means().stream().anyMatch(
            m -> arguments.set.stream().anyMatch(s -> s.startsWith(m + "=")));
        if (example != null && !example.means().isEmpty() && image.mean == null && !meanIsSet) {
            throw new ConfigurationException(name + " needs the mean image of its training data: --mean data/mean.hdf5,"
                + " which 'mocha data " + name + "' writes");
        }
        if (shapes.given.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--shape: give one, that of the blob that takes images");
        }
        Shapes.Given given = shapes.given.isEmpty() ? null : shapes.given.get(0);
        if (given != null && blob != null && !blob.equals(given.blob())) {
            throw new ParameterException(spec.commandLine(), "--shape is of " + given.blob() + ", --blob is " + blob
                + "; expected: the same blob");
        }
        Shape whole = given != null ? given.shape() : example == null ? null
            : example.shapes().get(blob == null ? "data" : blob);
        return new ImageClassifier.Input(given != null ? given.blob() : blob,
            whole == null || whole.rank() == 0 ? whole : whole.sub(1, whole.rank()),
            image.preparation(catalog, example == null || meanIsSet ? null : example.pixelScale()), batch);
    }

    private List<String> names(Example example) throws IOException {
        if (labels == null) {
            return example == null ? null : example.classes();
        }
        try {
            return List.of(Files.readString(labels).strip().split("\\s*\\R\\s*"));
        } catch (MalformedInputException e) {
            throw new ConfigurationException(labels + " is no text; expected: a label per line, in UTF-8", e);
        }
    }

    private Path parameters(NetFile file, Catalog catalog) {
        if (from != null) {
            return TestCommand.parameters(from, catalog);
        }
        Path folder = file.example() != null ? null : file.experiment().breaks().stream().map(BreakConfig::coffeeBreak)
            .filter(b -> b instanceof Snapshot).map(b -> file.base().resolve(((Snapshot) b).folder())).findFirst()
            .orElse(null);
        if (folder == null || new SnapshotFolder(folder, catalog).newestFirst().isEmpty()) {
            throw new ConfigurationException("there are no trained parameters of " + name + (folder == null ? ""
                : " in " + folder) + "; --from names a snapshot, a parameter file, or the output folder of a run");
        }
        return folder;
    }

    static final class YesNo implements CommandLine.ITypeConverter<Boolean> {
        @Override public Boolean convert(String text) {
            if (!text.equals("yes") && !text.equals("no")) {
                throw new CommandLine.TypeConversionException("expected yes or no, found [" + text + "]");
            }
            return text.equals("yes");
        }
    }
}
