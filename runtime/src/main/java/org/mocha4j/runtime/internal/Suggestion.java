package org.mocha4j.runtime.internal;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody may have meant. */
public final class Suggestion {
    private Suggestion() {
    }

    /** The closest of the known names: at most a third of the letters wrong, or right but for case or prefix. */
    public static Optional<String> of(String wrong, Collection<String> known) {
        String best = null;
        int least = Math.min(wrong.length(), Math.max(1, wrong.length() / 3) + 1);  // one letter tells nothing
        for (String name : known) {
            int d = Math.min(distance(fold(wrong), fold(name)), distance(fold(last(wrong)), fold(last(name))));
            if (d < least) {
                least = d;
                best = name;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code "; did you mean NAME?"} or nothing. */
    public static String text(String wrong, Collection<String> known) {
        return of(wrong, known).map(name -> "; did you mean " + name + "?").orElse("");
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions, replacements and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
