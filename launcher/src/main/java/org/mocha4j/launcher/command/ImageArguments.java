package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Shape;
import org.mocha4j.image.Channels;
import org.mocha4j.image.Preparation;
import org.mocha4j.image.Resize;
import org.mocha4j.runtime.Catalog;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say how images are made fit for a net. */
final class ImageArguments {
    private static final String NUMBER = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";

    @Option(names = "--resize", paramLabel = "HOW", converter = ResizeReader.class, description = "To what size, "
        + "bilinear, before the net's is cut from the centre: shorter (default), the shorter side to the net's; exact, "
        + "both sides to the net's; 256, the shorter side; 256x224, width and height.")
    Resize resize;

    @Option(names = "--ten-crop", description = "Averages over the corners and the centre, each also mirrored; without "
        + "--resize the shorter side becomes 8/7 of the net's.")
    boolean tenCrop;

    @Option(names = "--channels", paramLabel = "rgb|bgr", converter = ChannelsReader.class,
        description = "The order of colours that the net takes; Caffe's models take bgr. Default: rgb.")
    Channels channels;

    @Option(names = "--mean", paramLabel = "FILE|V,V,V", description = "What is subtracted from the pixels 0..255: the "
        + "dataset 'mean' of an HDF5 file, or one number per channel.")
    String mean;

    @Option(names = "--scale", paramLabel = "X", description = "What the pixels, less the mean, are multiplied by. "
        + "Without --mean and --scale, images get what the net's data layer does to its data.")
    Double scale;

    /** @param byDefault the scale where none is given; null: the data layer's transformers */
    Preparation preparation(Catalog catalog, Double byDefault) throws IOException {
        return new Preparation(resize, channels, mean == null ? null : mean(catalog), scale == null ? byDefault : scale,
            tenCrop);
    }

    private Array mean(Catalog catalog) throws IOException {
        if (mean.matches(NUMBER + "(," + NUMBER + ")*")) {
            double[] values = Arrays.stream(mean.split(",")).mapToDouble(Double::parseDouble).toArray();
            return Array.of(Shape.of(values.length), values);
        }
        Path file = Path.of(mean);
        if (Files.notExists(file)) {
            throw new ConfigurationException("--mean " + mean + ": there is no such file; expected: an HDF5 file with"
                + " the dataset 'mean', or numbers such as 104,117,123");
        }
        var tensors = catalog.formatOf(file).read(file).tensors();
        Array found = tensors.get("mean");
        if (found == null) {
            throw new ConfigurationException("--mean " + file + " has no dataset [mean]; it has "
                + tensors.keySet().stream().sorted().toList());
        }
        return found;
    }

    static final class ResizeReader implements ITypeConverter<Resize> {
        @Override public Resize convert(String text) {
            if (text.equals("shorter")) {
                return Resize.shorter();
            }
            if (text.equals("exact")) {
                return Resize.exact();
            }
            if (!text.matches("[1-9]\\d{0,4}(x[1-9]\\d{0,4})?")) {
                throw new TypeConversionException("expected shorter, exact, a shorter side such as 256, or width and "
                    + "height such as 256x224, found [" + text + "]");
            }
            String[] sides = text.split("x");
            return sides.length == 1 ? Resize.shorter(Integer.parseInt(text))
                : Resize.exact(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        }
    }

    static final class ChannelsReader implements ITypeConverter<Channels> {
        @Override public Channels convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "rgb" -> Channels.RGB;
                case "bgr" -> Channels.BGR;
                default -> throw new TypeConversionException("expected rgb or bgr, found [" + text + "]");
            };
        }
    }
}
