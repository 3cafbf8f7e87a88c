package org.mocha4j.launcher.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How people read numbers, errors and tables. */
final class Text {
    private Text() { }

    /** For example {@code 1.6 MiB}. */
    static String bytes(long n) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = n;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? n + " bytes" : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value,
            units[unit]);
    }

    /** For example {@code 844 MFLOP} or {@code 6.89 GFLOP}. */
    static String flops(long n) {
        String[] units = {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP"};
        double value = n;
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        String form = unit == 0 || value >= 99.95 ? "%.0f %s" : value >= 9.995 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, form, value, units[unit]);
    }

    /** With commas between thousands. */
    static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** For example {@code 4 s}, {@code 1:05} or {@code 2:00:05}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        return s < 60 ? s + " s" : s < 3600 ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    /** What Java's exceptions about files leave out. */
    static String of(IOException e) {
        String file = e instanceof FileSystemException f ? f.getFile() : e.getMessage();
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return file + " does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return file + " cannot be used: permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return file + " is not a folder";
        }
        if (e instanceof FileAlreadyExistsException) {
            return file + " is there already and is not a folder";
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? e.toString() : e.getMessage();
    }

    /** Columns as wide as they need, the first row as head; a column whose name starts with '>' is flush right. */
    static List<String> table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] width = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                width[c] = Math.max(width[c], name(row.get(c), row == rows.get(0)).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String cell = name(row.get(c), row == rows.get(0));
                String pad = " ".repeat(width[c] - cell.length());
                line.append(rows.get(0).get(c).startsWith(">") ? pad + cell : cell + pad).append("  ");
            }
            lines.add(line.toString().stripTrailing());
            if (row == rows.get(0)) {
                lines.add("-".repeat(java.util.Arrays.stream(width).sum() + 2 * (columns - 1)));
            }
        }
        return lines;
    }

    private static String name(String cell, boolean head) {
        return head && cell.startsWith(">") ? cell.substring(1) : cell;
    }
}
