package org.mocha4j.launcher.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.mocha4j.api.DataException;

/** Reads regular files out of a gzipped tar archive (ustar) into memory. Nothing is written to disk. */
public final class TarFile {
    private static final int BLOCK = 512;

    private TarFile() { }

    /**
     * The wanted files by name, in the archive's order.
     *
     * @param largest the most bytes that a wanted file may have
     * @throws DataException naming the archive, if it is damaged, truncated or no gzipped tar archive
     */
    public static Map<String, byte[]> read(Path archive, Predicate<String> wanted, long largest) throws IOException {
        Map<String, byte[]> found = new LinkedHashMap<>();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            byte[] header = new byte[BLOCK];
            while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
                check(archive, header);
                String prefix = text(header, 345, 155);
                String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
                long size = octal(archive, header, 124, 12);
                boolean regular = header[156] == '0' || header[156] == 0;
                if (!regular || !wanted.test(name)) {
                    in.skipNBytes(padded(size));
                } else if (size > largest) {
                    throw new DataException(archive + ": " + name + " has " + size + " bytes by its header, expected"
                            + " at most " + largest);
                } else {
                    byte[] bytes = in.readNBytes((int) size);
                    if (bytes.length < size) {
                        throw new EOFException(bytes.length + " bytes of " + name + ", expected " + size);
                    }
                    in.skipNBytes(padded(size) - size);
                    found.put(name, bytes);
                }
            }
        } catch (ZipException | EOFException e) {
            throw new DataException(archive + ": damaged or truncated archive (" + e.getMessage()
                    + "), expected a whole .tar.gz file", e);
        }
        return found;
    }

    private static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** The sum of the header's bytes, its own field taken as blanks, is in the header. */
    private static void check(Path archive, byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
        }
        if (sum != octal(archive, header, 148, 8)) {
            throw new DataException(archive + ": no tar header where one is due, expected a .tar.gz file");
        }
    }

    private static String text(byte[] header, int at, int length) {
        int n = 0;
        while (n < length && header[at + n] != 0) {
            n++;
        }
        return new String(header, at, n, StandardCharsets.UTF_8);
    }

    private static long octal(Path archive, byte[] header, int at, int length) {
        String digits = text(header, at, length).trim();
        if (!digits.matches("[0-7]{1,12}")) {
            throw new DataException(archive + ": no tar header where one is due, expected a .tar.gz file");
        }
        return Long.parseLong(digits, 8);
    }
}
