package org.mocha4j.gputest;

import java.util.List;

/**
 * A line of the table.
 *
 * @param claim  what should hold, or what was measured
 * @param figure what was found
 */
record Row(String phase, String claim, String figure, Verdict verdict) {
    /** How it stands; FIGURE where nothing is claimed. */
    enum Verdict { PASS, FAIL, FIGURE, SKIPPED }

    Row {
        claim = plain(claim);
        figure = plain(figure);
    }

    private static String plain(String s) {
        return s.strip().replaceAll("\\s+", " ");
    }

    /** One line, the parts apart by tabs. */
    String text() {
        return String.join("\t", phase, claim, figure, verdict.name());
    }

    static Row parse(String text) {
        String[] parts = text.split("\t", -1);
        return new Row(parts[0], parts[1], parts[2], Verdict.valueOf(parts[3]));
    }

    /** Columns in line, with a head. */
    static List<String> table(List<Row> rows) {
        int phase = rows.stream().mapToInt(r -> r.phase().length()).max().orElse(0);
        int claim = rows.stream().mapToInt(r -> r.claim().length()).max().orElse(0);
        String form = "%-" + Math.max(5, phase) + "s  %-7s  %-" + Math.max(5, claim) + "s  %s";
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(form.formatted("phase", "", "claim", "found")),
                rows.stream().map(r -> form.formatted(r.phase(), word(r.verdict()), r.claim(), r.figure()))).toList();
    }

    private static String word(Verdict v) {
        return v == Verdict.FIGURE ? "" : v.name().toLowerCase(java.util.Locale.ROOT);
    }
}
