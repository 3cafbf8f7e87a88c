package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mocha classify} with a small net that it has trained, on images that it draws. */
class ClassifyCommandTest {
    private static final String SCALE = "0.00392156862745098";
    @TempDir Path temp;
    private Path net;
    private Path folder;

    @BeforeEach void train() throws IOException {
        net = Cli.folder(temp);
        Files.writeString(net, Cli.NET.replace("filters: 2", "filters: 8"));
        assertEquals(0, Cli.run("train", net.toString(), "--iterations", "60").code());
        folder = Files.createDirectory(temp.resolve("images"));
        for (int i = 0; i < 5; i++) {
            stripe("stripe" + i, i % 3, 4);
        }
    }

    /** A grey image of four columns, one of which is white; the class is the column. */
    private Path stripe(String name, int column, int extent) throws IOException {
        BufferedImage image = new BufferedImage(extent, extent, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < extent; y++) {
            for (int x = 0; x < extent; x++) {
                image.getRaster().setSample(x, y, 0, x * 4 / extent == column ? 255 : 12);
            }
        }
        Path file = folder.resolve(name + ".png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private Cli classify(Object... more) {
        List<String> args = new ArrayList<>(List.of("classify", net.toString()));
        Stream.of(more).forEach(m -> args.add(m.toString()));
        return Cli.run(args.toArray(String[]::new));
    }

    private static Cli ok(Cli run) {
        assertEquals(0, run.code(), run.err());
        return run;
    }

    /** The best class of each image, in the order shown. */
    private static List<String> best(Cli run) {
        Matcher m = Pattern.compile("\\(\\d+x\\d+\\)\\n +\\d+\\.\\d\\d%  (.*)\\n").matcher(ok(run).out());
        List<String> found = new ArrayList<>();
        while (m.find()) {
            found.add(m.group(1));
        }
        return found;
    }

    @Test void aFolderOfImagesInAnyBatch() throws IOException {
        Path labels = Files.writeString(temp.resolve("labels.txt"), "left\nmiddle \nright\n");
        for (String batch : List.of("1", "2", "3", "16")) {
            Cli run = classify("--images", folder, "--scale", SCALE, "--labels", labels, "--batch", batch);
            assertEquals(List.of("left", "middle", "right", "left", "middle"), best(run), run.out());
        }
    }

    @Test void theTableOfAnImage() throws IOException {
        Path image = folder.resolve("stripe1.png");
        Cli run = ok(classify("--images", image, image, "--scale", SCALE, "--top", "2"));
        assertTrue(run.out().matches("(?s)Parameters: " + temp + "/snapshots\\nBackend (cpu|native): .*\\n(\\n" + image
            + " \\(4x4\\)\\n +\\d+\\.\\d\\d%  1\\n +\\d+\\.\\d\\d%  [02]\\n){2}"), run.out());
    }

    @Test void oneDocument() {
        Path image = folder.resolve("stripe2.png");
        Cli run = ok(classify("--images", image, "--scale", SCALE, "--top", "1", "--json"));
        assertTrue(run.out().matches("\\{\\n  \"net\": \"small\",\\n  \"file\": \"" + net + "\",\\n  \"from\": \""
            + temp + "/snapshots\",\\n  \"images\": \\[\\n    \\{\\n      \"file\": \"" + image + "\",\\n      "
            + "\"width\": 4,\\n      \"height\": 4,\\n      \"predictions\": \\[\\n        \\{\\n          "
            + "\"label\": 2,\\n          \"name\": \"2\",\\n          \"probability\": 0\\.\\d+\\n        "
            + "\\}\\n      \\]\\n    \\}\\n  \\]\\n\\}\\n"),
            run.out());
        assertTrue(run.err().startsWith("Parameters: "), run.err());
    }

    /** A wide colour image: its middle is cut out, and grey. */
    @Test void otherSizesAndColours() throws IOException {
        BufferedImage image = new BufferedImage(160, 80, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 160 * 80; i++) {
            image.setRGB(i % 160, i / 160, (i % 160 - 40) / 20 == 1 && i % 160 >= 40 ? 0xFFFFFFFF : 0xFF101008);
        }
        Path file = folder.resolve("wide.png");
        ImageIO.write(image, "png", file.toFile());
        assertEquals(List.of("1"), best(classify("--images", file, "--scale", SCALE)));
        assertEquals(List.of("1"), best(classify("--images", file, "--scale", SCALE, "--resize", "8x4")));
        assertEquals(List.of("1"), best(classify("--images", file, "--scale", SCALE, "--resize", "4")));
        Cli squeezed = classify("--images", file, "--scale", SCALE, "--resize", "exact", "--channels", "bgr");
        assertEquals(1, best(squeezed).size());
        assertFalse(squeezed.out().equals(classify("--images", file, "--scale", SCALE).out()), squeezed.out());
        Cli ten = classify("--images", folder.resolve("stripe0.png"), "--scale", SCALE, "--ten-crop");
        assertFalse(ok(ten).out().equals(classify("--images", folder.resolve("stripe0.png"), "--scale", SCALE).out()));
    }

    /** A mean image, the same as numbers, and the same as the data layer's transformers, give the same. */
    @Test void meansFromFilesAndNumbersAndTheNet() throws IOException {
        Path file = temp.resolve("mean.hdf5");
        float[][][] mean = new float[1][4][4];
        Arrays.stream(mean[0]).forEach(row -> Arrays.fill(row, 102f));
        try (WritableHdfFile f = HdfFile.write(file)) {
            f.putDataset("mean", mean);
        }
        Path image = folder.resolve("stripe0.png");
        String out = ok(classify("--images", image, "--mean", file, "--scale", SCALE)).out();
        assertEquals(out, classify("--images", image, "--mean", "102", "--scale", SCALE).out());
        Cli own = classify("--images", image, "--set", "layers.images.transformers={data: [{type: SubMean, mean: "
            + file + "}, {type: Scale, scale: " + SCALE + "}]}");
        assertEquals(out, ok(own).out());
        assertFalse(out.equals(classify("--images", image, "--scale", SCALE).out()));
    }

    @Test void withoutTheDataAShapeIsEnough() throws IOException {
        Files.delete(temp.resolve("data.hdf5"));
        Path image = folder.resolve("stripe1.png");
        Cli none = classify("--images", image);
        assertEquals("mocha: " + temp.resolve("data.hdf5") + " does not exist or is no file; expected: an HDF5 file, "
            + "or a text file with one HDF5 file per line\n", none.err());
        assertEquals(List.of("1"), best(classify("--images", image, "--scale", SCALE, "--shape", "data=1x1x4x4",
            "--from", temp.resolve("snapshots/snapshot-000060.h5"))));
    }

    private static void failed(int code, String message, Cli run) {
        assertEquals("mocha: " + message + "\n", run.err());
        assertEquals(code, run.code());
    }

    @Test void imagesThatAreNone() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "not an image");
        failed(1, text + " is not an image: it has the first bytes 6e 6f 74 20 61 6e 20 69; expected: BMP, GIF, JPEG, "
            + "PNG, TIFF, WBMP", classify("--images", text));
        failed(1, temp.resolve("no.png") + " does not exist; expected: an image or a folder of images",
            classify("--images", temp.resolve("no.png")));
        Path empty = Files.createDirectory(temp.resolve("empty"));
        Files.writeString(empty.resolve("readme.md"), "");
        failed(1, "folder " + empty + " has no images; expected: files that end in .bmp, .gif, .jpeg, .jpg, .png, "
            + ".tif, .tiff, .wbmp", classify("--images", empty));
    }

    @Test void labelsMeansAndParametersThatDoNotFit() throws IOException {
        Path image = folder.resolve("stripe0.png");
        Path labels = Files.writeString(temp.resolve("labels.txt"), "a\nb");
        failed(1, labels + " has 2 labels, but small has 3 classes; expected: one line for each",
            classify("--images", image, "--labels", labels));
        Path binary = Files.write(temp.resolve("labels.bin"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        failed(1, binary + " is no text; expected: a label per line, in UTF-8",
            classify("--images", image, "--labels", binary));
        failed(1, temp.resolve("no.txt") + " does not exist", classify("--images", image, "--labels",
            temp.resolve("no.txt")));
        failed(1, "mean [3] does not fit the net's images of [1, 4, 4]; expected that shape, that of an exact resize, "
            + "or [1], one number per channel", classify("--images", image, "--mean", "104,117,123"));
        failed(1, "--mean mean.h5: there is no such file; expected: an HDF5 file with the dataset 'mean', or "
            + "numbers such as 104,117,123", classify("--images", image, "--mean", "mean.h5"));
        failed(1, "--mean " + temp.resolve("data.hdf5") + " has no dataset [mean]; it has [data, label]",
            classify("--images", image, "--mean", temp.resolve("data.hdf5")));
        failed(1, temp.resolve("no.h5") + " does not exist",
            classify("--images", image, "--from", temp.resolve("no.h5")));
        failed(1, folder + " has no snapshots; expected: files such as snapshot-000123.h5",
            classify("--images", image, "--from", folder));
        Files.move(temp.resolve("snapshots"), temp.resolve("elsewhere"));
        failed(1, "there are no trained parameters of " + net + " in " + temp.resolve("snapshots") + "; --from names a "
            + "snapshot, a parameter file, or the output folder of a run", classify("--images", image));
        failed(1, "there are no trained parameters of mnist; --from names a snapshot, a parameter file, or the output "
            + "folder of a run", Cli.run("classify", "mnist", "--images", image.toString()));
    }

    @Test void netsThatTakeNoImages() throws IOException {
        Path image = folder.resolve("stripe0.png");
        failed(1, "blob [data] of net [small] takes samples of [16]; images need rank 3: [channels, height, width]",
            classify("--images", image, "--shape", "data=1x16"));
        failed(1, "net [small] has no blob [prob] that follows from images alone; there are [data, conv, ip]",
            classify("--images", image, "--scores", "prob"));
        failed(1, net + ":4: layer [conv] (Convolution), inputs [data: float32[1, 1, 2, 2]]: a window of 3x3 "
            + "(dilation 1x1, pad 0x0) does not fit into images of 2x2",
            classify("--images", image, "--shape", "data=1x1x2x2"));
    }

    @Test void wrongUsage() {
        String help = "\nTry 'mocha classify --help' for more information.";
        failed(2, "Invalid value for option '--resize': expected shorter, exact, a shorter side such as 256, or width "
            + "and height such as 256x224, found [big]" + help, classify("--images", folder, "--resize", "big"));
        failed(2, "Invalid value for option '--channels': expected rgb or bgr, found [gbr]" + help,
            classify("--images", folder, "--channels", "gbr"));
        failed(2, "Invalid value for option '--softmax': expected yes or no, found [maybe]" + help,
            classify("--images", folder, "--softmax", "maybe"));
        failed(2, "--shape is of data, --blob is pixels; expected: the same blob" + help,
            classify("--images", folder, "--shape", "data=1x1x4x4", "--blob", "pixels"));
        failed(2, "--shape: give one, that of the blob that takes images" + help,
            classify("--images", folder, "--shape", "data=1x1x4x4", "--shape", "label=1"));
        assertEquals(2, classify().code());
    }

    /** The examples know their scale and their classes; cifar10 wants its mean. */
    @Test void examples() throws IOException {
        Path digits = temp.resolve("digits");
        assertEquals(0, Cli.run("run", "mnist-logistic", "--iterations", "1", "--output", digits.toString(), "--set",
            "solver.rate.base=0").code());
        Path image = stripe("digit", 1, 28);
        Cli run = ok(Cli.run("classify", "mnist-logistic", "--images", image.toString(), "--from", digits.toString(),
            "--top", "10"));
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), run.out().lines()
            .filter(l -> l.contains("%")).map(l -> l.replaceAll(".*%  ", "")).sorted().toList());
        failed(1, "cifar10 needs the mean image of its training data: --mean data/mean.hdf5, which 'mocha data "
            + "cifar10' writes",
            Cli.run("classify", "cifar10", "--images", image.toString(), "--from", digits.toString()));
    }
}
