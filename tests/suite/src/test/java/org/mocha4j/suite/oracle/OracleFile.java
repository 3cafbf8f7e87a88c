package org.mocha4j.suite.oracle;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;

/**
 * Reads the oracle values that {@code oracle.py} wrote with PyTorch, and generates the inputs they belong to. The
 * format and the meaning of every key are in {@code README.md} beside the values.
 */
public final class OracleFile {
    /** Row-major values with their shape; a scalar has shape [1]. */
    public record Tensor(int[] shape, double[] data) {
        public Tensor {
            if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != data.length) {
                throw new IllegalArgumentException(data.length + " values for shape " + Arrays.toString(shape));
            }
        }
    }

    /** One configuration: what to set, what to feed (generated), what must come out. Maps keep the file's order. */
    public record Case(String kind, int number, Map<String, String> config, Map<String, Tensor> inputs,
                       Map<String, Tensor> expected) {
        public String text(String key) {
            return get(config, key);
        }

        public int integer(String key) {
            return Integer.parseInt(text(key));
        }

        public double real(String key) {
            return Double.parseDouble(text(key));
        }

        public boolean flag(String key) {
            return switch (text(key)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException(this + ": " + key + " is neither true nor false");
            };
        }

        public double[] reals(String key) {
            return Arrays.stream(text(key).split(",")).mapToDouble(Double::parseDouble).toArray();
        }

        public Tensor input(String name) {
            return get(inputs, name);
        }

        public Tensor expect(String name) {
            return get(expected, name);
        }

        private <T> T get(Map<String, T> map, String key) {
            T value = map.get(key);
            if (value == null) {
                throw new NoSuchElementException(this + " has no [" + key + "]; it has " + map.keySet());
            }
            return value;
        }

        /** Short, so that it can name a parameterized test. */
        @Override
        public String toString() {
            return kind + "/" + number + " " + config;
        }
    }

    private OracleFile() {
    }

    /** All cases of a kind, in the order of the file. */
    public static List<Case> read(String kind) throws IOException {
        try (InputStream in = new GZIPInputStream(open(kind + ".txt.gz"));
             BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            List<Case> cases = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(kind, cases, line);
            }
            return cases;
        }
    }

    /** A file of the folder {@code oracle}. */
    static InputStream open(String name) throws IOException {
        InputStream in = OracleFile.class.getResourceAsStream("/oracle/" + name);
        if (in == null) {
            throw new FileNotFoundException("no oracle file [" + name + "]");
        }
        return in;
    }

    private static void add(String kind, List<Case> cases, String line) {
        String[] words = line.split(" ");
        if (words[0].equals("case")) {
            cases.add(new Case(kind, Integer.parseInt(words[1]), new LinkedHashMap<>(), new LinkedHashMap<>(),
                new LinkedHashMap<>()));
            return;
        }
        Case c = cases.get(cases.size() - 1);
        switch (words[0]) {
            case "config" -> Arrays.stream(words).skip(1).map(word -> word.split("=", 2))
                .forEach(pair -> c.config.put(pair[0], pair[1]));
            case "input" -> {
                int[] shape = shape(words[2]);
                int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
                long key = key(kind + "/" + c.number + "/" + words[1]);
                c.inputs.put(words[1], new Tensor(shape, fill(words[3], key, count)));
            }
            case "expect" -> c.expected.put(words[1], new Tensor(shape(words[2]),
                Arrays.stream(words).skip(3).mapToDouble(Double::parseDouble).toArray()));
            default -> throw new IllegalArgumentException(c + ": unknown line [" + words[0] + "]");
        }
    }

    private static int[] shape(String text) {
        return Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    /** The stream of a text: FNV-1a, 64 bits. */
    public static long key(String text) {
        long h = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        return h;
    }

    /** Element {@code index} of a stream (SplitMix64), in [0, 1). */
    public static double uniform(long key, long index) {
        long z = key + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
    }

    /** value:a:b = a(2u-1)+b, relu = max(0, 2u-1), grid:n = floor(un)/n, labels:n = floor(un), u = uniform(key, i). */
    public static double[] fill(String spec, long key, int count) {
        String[] part = spec.split(":");
        double a = part.length > 1 ? Double.parseDouble(part[1]) : 0;
        double b = part.length > 2 ? Double.parseDouble(part[2]) : 0;
        double[] data = new double[count];
        for (int i = 0; i < count; i++) {
            double u = uniform(key, i);
            data[i] = switch (part[0]) {
                case "value" -> a * (2 * u - 1) + b;
                case "relu" -> Math.max(0.0, 2 * u - 1);
                case "grid" -> Math.floor(u * a) / a;
                case "labels" -> Math.floor(u * a);
                default -> throw new IllegalArgumentException("unknown fill [" + spec + "]");
            };
        }
        return data;
    }
}
