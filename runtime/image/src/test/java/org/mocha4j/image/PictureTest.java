package org.mocha4j.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Size;

/** Decoding, colours, and resizing against PyTorch. */
class PictureTest {
    @TempDir Path temp;

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = temp.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file;
    }

    private static float[] at(Picture p, int y, int x) {
        float[] values = new float[p.channels()];
        for (int c = 0; c < values.length; c++) {
            values[c] = p.at(c, y, x);
        }
        return values;
    }

    @ParameterizedTest @ValueSource(strings = {"png", "bmp", "tiff"})
    void losslessFormatsKeepEveryPixelWhateverTheName(String format) throws IOException {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x0A6414);
        image.setRGB(2, 1, 0xFF8000);
        Path file = Files.move(write(image, format), temp.resolve("picture.txt"));
        Picture p = Picture.read(file);
        assertEquals("Picture 3x2 RGB", p.toString());
        assertEquals("[10.0, 100.0, 20.0]", Arrays.toString(at(p, 0, 0)));
        assertEquals("[255.0, 128.0, 0.0]", Arrays.toString(at(p, 1, 2)));
        assertEquals("[0.0, 0.0, 0.0]", Arrays.toString(at(p, 0, 1)));
    }

    /** GIF and WBMP have palettes. */
    @Test void palettesAreLookedUp() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.setRGB(1, 0, 0xFFFFFF);
        for (String format : List.of("gif", "wbmp", "png")) {
            Picture p = Picture.read(write(image, format));
            assertEquals("[0.0, 255.0]", Arrays.toString(new float[] {p.grey().at(0, 0, 0), p.grey().at(0, 0, 1)}),
                format);
        }
    }

    @Test void jpegIsRead() throws IOException {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = image.createGraphics();
        g.setColor(new Color(200, 100, 50));
        g.fillRect(0, 0, 16, 16);
        float[] p = at(Picture.read(write(image, "jpg")), 8, 8);
        assertTrue(Math.abs(p[0] - 200) < 4 && Math.abs(p[1] - 100) < 4 && Math.abs(p[2] - 50) < 4, Arrays.toString(p));
    }

    /** BufferedImage.getRGB makes 188 of 128. */
    @Test void greyKeepsTheValuesOfTheFile() throws IOException {
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 128);
        grey.getRaster().setSample(1, 0, 0, 255);
        Picture p = Picture.read(write(grey, "png"));
        assertEquals("Picture 2x1 grey", p.toString());
        assertEquals(128, p.at(0, 0, 0));
        assertEquals(255, p.at(0, 0, 1));
        BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(0, 0, 0, 0x8000);
        assertEquals(32768 * 255f / 65535, Picture.read(write(deep, "png")).at(0, 0, 0), 1e-4f);
    }

    @Test void transparencyLiesOverWhite() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00000000);
        image.setRGB(1, 0, 0x80FF0000);
        Picture p = Picture.read(write(image, "png"));
        assertEquals("[255.0, 255.0, 255.0]", Arrays.toString(at(p, 0, 0)));
        assertEquals(255, p.at(0, 0, 1));
        assertEquals(255 - 128 * 255 / 255f, p.at(1, 0, 1), 1e-4f);
        assertEquals(Arrays.toString(at(p, 0, 1)), Arrays.toString(at(Picture.argb(1, 1, 0x80FF0000), 0, 0)));
    }

    @Test void greyOfColoursAndColoursOfGrey() {
        Picture p = Picture.of(3, 1, 2, 255, 10, 0, 10, 0, 10);
        assertEquals(255 * 0.299, p.grey().at(0, 0, 0), 1e-4);
        assertEquals(10, p.grey().at(0, 0, 1), 0);
        assertEquals("[10.0, 10.0, 10.0]", Arrays.toString(at(p.grey().coloured(), 0, 1)));
        assertSame(p, p.coloured());
        assertSame(p, p.resized(new Size(2, 1)));
        assertEquals(Picture.of(1, 1, 1, 7).grey().at(0, 0, 0), 7);
    }

    @Test void resizingIsThatOfPyTorch() throws IOException {
        int cases = 0;
        try (InputStream in = PictureTest.class.getResourceAsStream("/resize.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
                Scanner numbers = new Scanner(line);
                int h = numbers.nextInt();
                int w = numbers.nextInt();
                int newH = numbers.nextInt();
                int newW = numbers.nextInt();
                float[] old = new float[h * w];
                for (int i = 0; i < old.length; i++) {
                    old[i] = Float.parseFloat(numbers.next());
                }
                Picture p = Picture.of(1, h, w, old).coloured().resized(new Size(newW, newH));
                for (int i = 0; i < newH * newW; i++) {
                    double expected = Double.parseDouble(numbers.next());
                    assertEquals(expected, p.at(0, i / newW, i % newW), 1e-4, line);
                    assertEquals(expected, p.at(2, i / newW, i % newW), 1e-4, line);
                }
                cases++;
            }
        }
        assertEquals(8, cases);
    }

    private static void failed(String message, org.junit.jupiter.api.function.Executable e) {
        assertEquals(message, assertThrows(MochaException.class, e).getMessage());
    }

    @Test void whatIsNoImage() throws IOException {
        failed(temp.resolve("no.png") + " does not exist; expected: an image",
            () -> Picture.read(temp.resolve("no.png")));
        failed(temp + " is not a file; expected: an image", () -> Picture.read(temp));
        Path text = Files.writeString(temp.resolve("text.png"), "this is text");
        failed(text + " is not an image: it has the first bytes 74 68 69 73 20 69 73 20; expected: BMP, GIF, JPEG, "
            + "PNG, TIFF, WBMP", () -> Picture.read(text));
        Path empty = Files.createFile(temp.resolve("empty.png"));
        failed(empty + " is not an image: it has no content; expected: BMP, GIF, JPEG, PNG, TIFF, WBMP",
            () -> Picture.read(empty));
        failed("the upload is not an image: it has no content; expected: BMP, GIF, JPEG, PNG, TIFF, WBMP",
            () -> Picture.read(new ByteArrayInputStream(new byte[0]), "the upload"));
    }

    /** Every cut of a file ends in an exception of ours, or in a picture where nothing but its end mark is missing. */
    @Test void damagedImages() throws IOException {
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1600; i++) {
            image.setRGB(i % 40, i / 40, i * 7919);
        }
        for (String format : List.of("png", "jpg", "bmp", "gif", "tiff")) {
            byte[] whole = Files.readAllBytes(write(image, format));
            Path half = temp.resolve("half." + format);
            for (int length : new int[] {30, whole.length / 3, whole.length / 2, whole.length - 40}) {
                Files.write(half, Arrays.copyOf(whole, length));
                String message = assertThrows(MochaException.class, () -> Picture.read(half), format + length)
                    .getMessage();
                assertTrue(message.startsWith(half + " is a damaged " + format.toUpperCase().replace("JPG", "JPEG")
                    + " image: "), message);
            }
        }
    }

    @Test void aPictureThatClaimsTooMuchIsRefusedBeforeItIsRead() throws IOException {
        byte[] png = Files.readAllBytes(write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png"));
        for (int i = 16; i < 24; i++) {
            png[i] = (byte) (i == 18 || i == 22 ? 0xFF : 0);
        }
        var crc = new java.util.zip.CRC32();
        crc.update(png, 12, 17);
        for (int i = 0; i < 4; i++) {
            png[29 + i] = (byte) (crc.getValue() >> 24 - 8 * i);
        }
        Path file = Files.write(temp.resolve("large.png"), png);
        failed(file + " is 65280x65280 pixels; expected: at most 67108864 in all", () -> Picture.read(file));
    }

    @Test void wrongPixels() {
        failed("channels is 2; expected: 1 (grey) or 3 (red, green, blue)", () -> Picture.of(2, 1, 1, 0, 0));
        failed("height is 0; expected: at least 1", () -> Picture.of(1, 0, 1));
        assertEquals("3 values do not fill a picture of [1, 2, 2]",
            assertThrows(ShapeException.class, () -> Picture.of(1, 2, 2, 1, 2, 3)).getMessage());
        failed("2 pixels do not fill a picture of 3x1", () -> Picture.argb(3, 1, 0, 0));
    }
}
