package org.mocha4j.image;

import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.mocha4j.api.Size;

/**
 * An immutable image: 1 channel (grey) or 3 (red, green, blue), values usually 0..255, row by row from the top left.
 * Pixels that are partly transparent are laid over white.
 */
public final class Picture {
    private static final double RED = 0.299;
    private static final double GREEN = 0.587;
    private static final double BLUE = 0.114;
    static final int WHITE = 255;

    private final int channels;
    private final int height;
    private final int width;
    private final float[] pixels;

    private Picture(int channels, int height, int width, float[] pixels) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.pixels = pixels;
    }

    /** @param pixels [channels, height, width], row-major; copied */
    public static Picture of(int channels, int height, int width, float... pixels) {
        return owned(channels, height, width, pixels.clone());
    }

    static Picture owned(int channels, int height, int width, float[] pixels) {
        require(channels == 1 || channels == 3, "channels", channels, "1 (grey) or 3 (red, green, blue)");
        positive("height", height);
        positive("width", width);
        shape(pixels.length == (long) channels * height * width, pixels.length + " values do not fill a picture of ["
            + channels + ", " + height + ", " + width + "]");
        return new Picture(channels, height, width, pixels);
    }

    /** From packed pixels of 8 bits each, 0xAARRGGBB, as {@code BufferedImage.getRGB} gives them. */
    public static Picture argb(int width, int height, int... packed) {
        int n = Math.multiplyExact(positiveSize("width", width), positiveSize("height", height));
        shape(packed.length == n, packed.length + " pixels do not fill a picture of " + width + "x" + height);
        float[] planes = new float[Math.multiplyExact(3, n)];
        for (int i = 0; i < n; i++) {
            int p = packed[i];
            for (int c = 0; c < 3; c++) {
                planes[c * n + i] = over(p >> 16 - 8 * c & 0xFF, (p >>> 24) / 255f);
            }
        }
        return new Picture(3, height, width, planes);
    }

    private static int positiveSize(String field, int value) {
        positive(field, value);
        return value;
    }

    /** A value of some opacity over white. */
    static float over(float value, float opacity) {
        return opacity == 1 ? value : WHITE + (value - WHITE) * opacity;
    }

    /**
     * From Java's images, of any type. A grey image keeps the values that its file has: {@code getRGB} would take them
     * for linear light and brighten them. 16 bits become 0..255 with fractions.
     */
    public static Picture of(BufferedImage image) {
        return Decoder.picture(image);
    }

    /**
     * Reads a file in any format that the JVM has a reader for (BMP, GIF, JPEG, PNG, TIFF, WBMP), whatever its name; of
     * several images the first. Orientation tags and colour profiles are not looked at.
     *
     * @throws org.mocha4j.api.ConfigurationException if there is no such file
     * @throws org.mocha4j.api.DataException          if it is no image, damaged, or cannot be read
     */
    public static Picture read(Path file) {
        return Decoder.read(file);
    }

    /** Reads from a stream, which stays open. @param name for messages */
    public static Picture read(InputStream in, String name) {
        return Decoder.read(in, name);
    }

    public int channels() {
        return channels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    public Size size() {
        return new Size(width, height);
    }

    /** The value of a channel at a place. */
    public float at(int channel, int y, int x) {
        Objects.checkIndex(channel, channels);
        Objects.checkIndex(y, height);
        return pixels[(channel * height + y) * width + Objects.checkIndex(x, width)];
    }

    /** One channel: 0.299 red + 0.587 green + 0.114 blue (Rec. 601, as Pillow and OpenCV); itself if it is grey. */
    public Picture grey() {
        if (channels == 1) {
            return this;
        }
        int n = height * width;
        float[] grey = new float[n];
        for (int i = 0; i < n; i++) {
            grey[i] = (float) (RED * pixels[i] + GREEN * pixels[n + i] + BLUE * pixels[2 * n + i]);
        }
        return new Picture(1, height, width, grey);
    }

    /** Three channels: the grey value in each; itself if it is coloured. */
    public Picture coloured() {
        if (channels == 3) {
            return this;
        }
        float[] planes = new float[Math.multiplyExact(3, pixels.length)];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(pixels, 0, planes, c * pixels.length, pixels.length);
        }
        return new Picture(3, height, width, planes);
    }

    /**
     * Another size, bilinear: each new pixel is the mean of the old ones around its centre, weighted by a triangle of
     * half width max(1, old/new), cut off at the border. So shrinking does not alias (as in Pillow and in torchvision
     * with {@code antialias=True}; OpenCV's and Caffe's bilinear takes four pixels however much it shrinks). The same
     * size is the same picture.
     */
    public Picture resized(Size to) {
        return to.equals(size()) ? this : new Picture(channels, to.h(), to.w(),
            Resampling.resize(pixels, channels, height, width, to.h(), to.w()));
    }

    @Override public String toString() {
        return "Picture " + width + "x" + height + (channels == 1 ? " grey" : " RGB");
    }
}
