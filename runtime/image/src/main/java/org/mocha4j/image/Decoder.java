package org.mocha4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;

/** Pictures from files and from Java's images. */
final class Decoder {
    /** 64 megapixels: 800 MB of floats in colour. */
    private static final long MOST_PIXELS = 1L << 26;
    private static final int HEAD_BYTES = 8;

    private Decoder() { }

    static Picture read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(file + (Files.exists(file) ? " is not a file" : " does not exist")
                + "; expected: an image");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (AccessDeniedException e) {
            throw new DataException(file + " cannot be read: permission denied", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Picture read(InputStream in, String name) {
        try (ImageInputStream bytes = new MemoryCacheImageInputStream(in)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(bytes);
            if (!readers.hasNext()) {
                throw new DataException(name + " is not an image: it has " + head(bytes) + "; expected: "
                    + formats().collect(Collectors.joining(", ")));
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(bytes, true, true);
                return decode(reader, name);
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw new DataException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String head(ImageInputStream in) throws IOException {
        byte[] head = new byte[HEAD_BYTES];
        int n = in.read(head);
        return n <= 0 ? "no content" : "the first bytes " + HexFormat.ofDelimiter(" ").formatHex(head, 0, n);
    }

    /** The formats that this JVM reads. */
    private static Stream<String> formats() {
        return Stream.of(ImageIO.getReaderFormatNames()).map(Decoder::shown).distinct().sorted();
    }

    private static String shown(String format) {
        String name = format.toUpperCase(Locale.ROOT);
        return name.equals("JPG") ? "JPEG" : name.equals("TIF") ? "TIFF" : name;
    }

    /** The JPEG reader only warns of a file that ends early, and paints the rest grey. */
    private static Picture decode(ImageReader reader, String name) {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        String format = "image";
        try {
            format = shown(reader.getFormatName()) + " image";
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if ((long) width * height > MOST_PIXELS) {
                throw new DataException(name + " is " + width + "x" + height + " pixels; expected: at most "
                    + MOST_PIXELS + " in all");
            }
            BufferedImage image = reader.read(0);
            warnings.stream().filter(w -> w.startsWith("Premature end") || w.startsWith("Corrupt")).findFirst()
                .ifPresent(w -> {
                    throw new IllegalArgumentException(w);
                });
            return picture(image);
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {             // what readers make of malformed files
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new DataException(name + " is a damaged " + format + ": " + reason, e);
        }
    }

    static Picture picture(BufferedImage image) {
        ColorModel colours = image.getColorModel();
        boolean plainGrey = colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(colours instanceof IndexColorModel) && !colours.isAlphaPremultiplied()
            && (image.getRaster().getTransferType() == DataBuffer.TYPE_BYTE
            || image.getRaster().getTransferType() == DataBuffer.TYPE_USHORT);
        return plainGrey ? grey(image) : coloured(image);
    }

    private static Picture coloured(BufferedImage image) {
        int w = image.getWidth();
        int h = image.getHeight();
        return Picture.argb(w, h, image.getRGB(0, 0, w, h, null, 0, w));
    }

    private static Picture grey(BufferedImage image) {
        Raster raster = image.getRaster();
        int w = image.getWidth();
        int h = image.getHeight();
        float most = (1 << image.getColorModel().getComponentSize(0)) - 1;
        boolean alpha = image.getColorModel().hasAlpha();
        float[] pixels = new float[Math.multiplyExact(w, h)];
        float[] row = new float[w];
        float[] opacity = new float[w];
        for (int y = 0; y < h; y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 0, row);
            if (alpha) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, w, 1, 1, opacity);
            }
            for (int x = 0; x < w; x++) {
                float value = row[x] * Picture.WHITE / most;
                pixels[y * w + x] = alpha ? Picture.over(value, opacity[x] / most) : value;
            }
        }
        return Picture.owned(1, h, w, pixels);
    }
}
