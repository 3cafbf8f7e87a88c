package org.mocha4j.cuda.internal.driver;

/** Other people's words, for messages of one line. */
public final class Text {
    private Text() {
    }

    /** The first line of what went wrong, or what kind of thing it was. */
    public static String line(Throwable e) {
        String said = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("").strip();
        return said.isEmpty() ? e.getClass().getSimpleName() : said;
    }
}
