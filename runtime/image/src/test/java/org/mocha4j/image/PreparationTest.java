package org.mocha4j.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;

/** What a net is given for a picture, number by number. */
class PreparationTest {
    private static final Shape TWO = Shape.of(1, 2, 2);

    /** A grey picture of 0, 1, 2 … row by row. */
    private static Picture counting(int height, int width) {
        float[] pixels = new float[height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i;
        }
        return Picture.of(1, height, width, pixels);
    }

    private static void given(Shape sample, Preparation how, Picture picture, double... expected) {
        assertEquals(Arrays.stream(expected).boxed().toList(), Nets.given(sample, how, picture));
    }

    @Test void theCentreIsCutFromHalfTheDifferenceRoundedDown() {
        Preparation whole = Preparation.DEFAULT.resize(Resize.exact(5, 4));
        given(TWO, whole, counting(4, 5), 6, 7, 11, 12);
        given(Shape.of(1, 3, 2), whole, counting(4, 5), 1, 2, 6, 7, 11, 12);
    }

    @Test void channelsAreRedGreenBlueOrCaffesBlueGreenRed() {
        Picture p = Picture.of(3, 1, 2, 1, 2, 10, 20, 100, 200);
        given(Shape.of(3, 1, 2), Preparation.DEFAULT, p, 1, 2, 10, 20, 100, 200);
        given(Shape.of(3, 1, 2), Preparation.DEFAULT.channels(Channels.BGR), p, 100, 200, 10, 20, 1, 2);
    }

    @Test void greyPicturesForColourNetsAndTheReverse() {
        given(Shape.of(3, 1, 2), Preparation.DEFAULT, counting(1, 2), 0, 1, 0, 1, 0, 1);
        given(Shape.of(1, 1, 1), Preparation.DEFAULT, Picture.of(3, 1, 1, 10, 20, 30), (float) (2.99 + 11.74 + 3.42));
        given(Shape.of(1, 1, 1), Preparation.DEFAULT.channels(Channels.BGR), Picture.of(3, 1, 1, 10, 20, 30),
            (float) (2.99 + 11.74 + 3.42));
    }

    @Test void theMeanIsSubtractedBeforeTheScaleMultiplies() {
        given(TWO, Preparation.DEFAULT.mean(Array.of(Shape.of(1), 1.0)).scale(0.5), counting(2, 2), -0.5, 0, 0.5, 1);
        Preparation whole = Preparation.DEFAULT.mean(Array.of(Shape.of(1, 1, 2, 2), 0f, 1, 2, 4));
        given(TWO, whole, counting(2, 2), 0, 0, 0, -1);
    }

    @Test void theMeanIsInTheOrderOfTheNetsChannels() {
        Picture p = Picture.of(3, 1, 1, 1, 10, 100);
        Preparation mean = Preparation.DEFAULT.mean(Array.of(Shape.of(3, 1, 1), 1f, 2, 3));
        given(Shape.of(3, 1, 1), mean, p, 0, 8, 97);
        given(Shape.of(3, 1, 1), mean.channels(Channels.BGR), p, 99, 8, -2);
    }

    /** As Caffe cuts the mean of 256 × 256 where it cuts the picture. */
    @Test void aMeanOfTheResizedPictureIsCutLikeIt() {
        float[] mean = new float[20];
        mean[6] = 1;
        mean[12] = 2;
        mean[0] = 50;
        given(TWO, Preparation.DEFAULT.resize(Resize.exact(5, 4)).mean(Array.of(Shape.of(1, 4, 5), mean)),
            counting(4, 5), 5, 7, 11, 10);
    }

    @Test void theShorterSideOrBoth() {
        Size net = new Size(8, 8);
        assertEquals(new Size(16, 8), Resize.shorter().of(new Size(100, 50), net));
        assertEquals(new Size(8, 16), Resize.shorter().of(new Size(50, 100), net));
        assertEquals(new Size(8, 11), Resize.shorter().of(new Size(3, 4), new Size(8, 2)), "covers, and rounds 10.67");
        assertEquals(new Size(12, 24), Resize.shorter(12).of(new Size(50, 100), net));
        assertEquals(net, Resize.exact().of(new Size(50, 100), net));
        assertEquals(new Size(9, 10), Resize.exact(9, 10).of(new Size(50, 100), net));
        assertEquals(new Size(256, 341), Preparation.DEFAULT.tenCrop(true).resized(new Size(480, 640),
            new Size(224, 224)));
        assertEquals(new Size(224, 299), Preparation.DEFAULT.resized(new Size(480, 640), new Size(224, 224)));
    }

    /** Corners and centre of 0…11 in 3 × 4, and mirrored: the mean over a cut's columns is symmetric. */
    @Test void tenCutsAreTheCornersAndTheCentreAndTheirMirrorImages() {
        int[][] places = {{0, 0}, {0, 2}, {1, 0}, {1, 2}, {0, 1}};
        List<Double> mean = new ArrayList<>();
        Picture p = counting(3, 4);
        for (int i = 0; i < 4; i++) {
            double sum = 0;
            for (int[] at : places) {
                for (int mirrored = 0; mirrored < 2; mirrored++) {
                    int x = mirrored == 1 ? 1 - i % 2 : i % 2;
                    sum += p.at(0, at[0] + i / 2, at[1] + x);
                }
            }
            mean.add(sum / 10);
        }
        assertEquals(mean, Nets.given(TWO, new Preparation(Resize.exact(4, 3), null, null, null, true), p));
        Cutter cutter = new Cutter(new Preparation(Resize.exact(4, 3), null, null, null, true), TWO, "data");
        var batch = org.mocha4j.api.HostTensor.allocate(new org.mocha4j.api.Spec(org.mocha4j.api.DataType.FLOAT32,
            Shape.of(10, 1, 2, 2)));
        IntStream.range(0, 10).forEach(i -> cutter.cut(p, i, batch, i));
        assertEquals("[2.0, 3.0, 6.0, 7.0]", cut(batch, 1), "top right");
        assertEquals("[4.0, 5.0, 8.0, 9.0]", cut(batch, 2), "bottom left");
        assertEquals("[1.0, 2.0, 5.0, 6.0]", cut(batch, 4), "centre");
        assertEquals("[3.0, 2.0, 7.0, 6.0]", cut(batch, 6), "top right, mirrored");
    }

    private static String cut(org.mocha4j.api.HostTensor batch, int sample) {
        return IntStream.range(0, 4).mapToObj(i -> batch.get(sample * 4 + i)).toList().toString();
    }

    private static void failed(String message, Shape sample, Preparation how) {
        assertEquals(message,
            assertThrows(MochaException.class, () -> Nets.given(sample, how, counting(4, 4))).getMessage());
    }

    @Test void aMeanOfAnotherShape() {
        String expected = " does not fit the net's images of [3, 4, 4]; expected that shape, that of an exact resize, "
            + "or [3], one number per channel";
        Shape sample = Shape.of(3, 4, 4);
        failed("mean [3, 4, 5]" + expected, sample,
            Preparation.DEFAULT.mean(Array.of(Shape.of(3, 4, 5), new float[60])));
        failed("mean [4, 4, 3]" + expected, sample,
            Preparation.DEFAULT.mean(Array.of(Shape.of(4, 4, 3), new float[48])));
        failed("mean [2]" + expected, sample, Preparation.DEFAULT.mean(Array.of(Shape.of(2), 1f, 2)));
        assertEquals("mean is NaN at index 1; expected: finite numbers", assertThrows(MochaException.class,
            () -> Preparation.DEFAULT.mean(Array.of(Shape.of(2), 1f, Float.NaN))).getMessage());
    }

    @Test void whatCannotBeCut() {
        failed("resize is 3x3; expected: at least 4x4, which the net takes", Shape.of(1, 4, 4),
            Preparation.DEFAULT.resize(Resize.shorter(3)));
        failed("blob [data] takes samples of [2, 4, 4]: 2 channels; images have 1 (grey) or 3 (colours)",
            Shape.of(2, 4, 4), Preparation.DEFAULT);
        failed("blob [data] of net [mirror] takes samples of [16]; images need rank 3: [channels, height, width]",
            Shape.of(16), Preparation.DEFAULT);
        assertEquals("box is 0x4; expected: a width and a height of at least 1",
            assertThrows(MochaException.class, () -> Resize.exact(0, 4)).getMessage());
        assertEquals("scale is Infinity; expected: a finite number", assertThrows(MochaException.class,
            () -> Preparation.DEFAULT.scale(Double.POSITIVE_INFINITY)).getMessage());
    }
}
