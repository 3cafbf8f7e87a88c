package org.mocha4j.launcher.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How the ten digits are written: several variants each, a variant being a few strokes in a box of 100 by 100 with y
 * downwards. A stroke is a list of points, joined by a smooth curve through them (~) or by straight lines (-).
 */
final class Glyphs {
    /** One movement of the pen: x and y of its points, alternating. */
    record Stroke(boolean smooth, double[] points) { }

    private static final String[][] WRITTEN = {
        {   // 0
            "~ 50 5 25 16 15 50 25 84 50 95 75 84 85 50 75 16 50 5",
            "~ 55 6 36 18 27 50 33 84 48 95 64 82 72 50 68 18 55 6",
            "~ 62 12 42 6 22 22 15 55 28 88 52 95 76 82 85 52 78 20 56 4 44 10",
        },
        {   // 1
            "- 50 4 50 96",
            "- 58 4 42 96",
            "- 30 26 53 5 53 96",
            "- 32 22 52 5 52 95 | - 30 95 74 95",
        },
        {   // 2
            "~ 18 26 32 8 58 5 77 20 72 44 46 70 17 94 | - 17 94 85 94",
            "~ 20 22 44 5 74 14 74 40 48 68 24 90 16 80 30 74 50 86 68 95 86 86",
            "~ 22 16 46 6 68 12 74 32 62 54 | - 62 54 20 95 80 95",
        },
        {   // 3
            "~ 20 14 46 5 73 14 70 36 42 47 | ~ 42 47 74 54 82 76 54 95 17 85",
            "- 20 7 76 7 46 40 | ~ 46 40 74 50 80 76 52 95 18 84",
            "~ 24 12 50 6 70 20 62 40 38 48 60 50 78 66 68 90 40 96 20 86",
        },
        {   // 4
            "- 28 6 20 56 86 56 | - 68 26 66 96",
            "- 66 96 66 5 14 66 88 66",
            "~ 24 8 20 36 34 52 72 46 | - 76 6 70 96",
            "- 60 4 14 62 88 62 | - 64 38 62 96",
        },
        {   // 5
            "- 78 7 30 7 25 45 | ~ 25 45 54 38 80 55 76 84 48 96 18 86",
            "- 32 10 28 44 | ~ 28 44 56 40 78 60 70 88 42 96 18 84 | - 32 10 82 7",
            "~ 78 8 50 7 32 10 27 30 26 45 | ~ 26 45 50 40 74 52 76 76 56 94 20 92",
        },
        {   // 6
            "~ 70 6 42 24 22 58 27 88 52 96 76 80 70 56 46 52 24 68",
            "~ 56 4 34 34 22 68 32 92 56 94 72 78 64 60 42 60 25 76",
            "~ 76 12 56 5 32 22 18 56 26 86 50 96 74 86 78 66 60 52 36 56 22 72",
        },
        {   // 7
            "- 15 9 82 9 40 96",
            "- 16 10 80 10 46 96 | - 34 52 76 50",
            "~ 16 14 34 8 58 12 82 8 | ~ 82 8 62 40 50 66 46 96",
            "- 18 26 18 9 82 9 52 96",
        },
        {   // 8
            "~ 72 18 50 5 28 18 38 40 64 57 78 76 52 96 22 78 36 56 62 41 72 18",
            "~ 50 5 28 24 50 46 72 24 50 5 | ~ 50 46 20 72 50 96 80 72 50 46",
            "~ 76 12 48 6 30 22 48 46 72 66 68 90 44 96 24 82 34 60 62 38 76 12",
        },
        {   // 9
            "~ 74 26 52 5 26 20 28 42 50 50 74 26 | ~ 74 26 74 60 70 96",
            "~ 72 14 44 6 22 26 36 48 62 42 76 18 | ~ 76 18 76 60 62 90 28 92",
            "~ 68 20 46 6 28 24 38 46 60 40 70 16 | - 70 16 56 96",
        },
    };

    private Glyphs() { }

    /** The number of ways digit {@code digit} is written. */
    static int variants(int digit) {
        return WRITTEN[digit].length;
    }

    /** The strokes of one way to write a digit. */
    static List<Stroke> strokes(int digit, int variant) {
        List<Stroke> strokes = new ArrayList<>();
        for (String stroke : WRITTEN[digit][variant].split("\\|")) {
            String[] words = stroke.trim().split(" ");
            double[] points = new double[words.length - 1];
            for (int k = 0; k < points.length; k++) {
                points[k] = Integer.parseInt(words[k + 1]);
            }
            strokes.add(new Stroke(words[0].equals("~"), points));
        }
        return strokes;
    }
}
