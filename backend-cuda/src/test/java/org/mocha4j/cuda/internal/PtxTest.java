package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.cuda.internal.RecordingDriver.Given;

/** What NVRTC is given where there is a device is CUDA C: nvcc compiles it, to PTX for an old and for a new device. */
class PtxTest {
    private static final List<String> ARCHITECTURES = List.of("sm_75", "sm_90");
    private static final Pattern KERNEL = Pattern.compile("\\bKERNEL (\\w+)\\(");
    private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(");

    /** The names of the files of kernels. */
    private static List<String> files() throws Exception {
        URI folder = Source.class.getResource("/org/mocha4j/cuda/kernels/mocha.cuh").toURI();
        try (Stream<Path> all = Files.list(Path.of(folder).getParent())) {
            return all.map(p -> p.getFileName().toString()).filter(n -> n.endsWith(".cu"))
                    .map(n -> n.substring(0, n.length() - 3)).sorted().toList();
        }
    }

    /** Every file in both types, and what is compiled for every op that the shared suite checks. */
    private static Set<Given> sources() throws Exception {
        Set<Given> all = new LinkedHashSet<>();
        for (String file : files()) {
            for (DataType t : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
                Source s = Source.file(file, t);
                all.add(new Given(s.name(), s.text(), s.definitions()));
            }
        }
        all.addAll(GivenSources.ofTheSuite());
        return all;
    }

    /**
     * As few texts as possible for the compiler, which takes its time for each: files, and generated sources in one
     * per type.
     */
    private static List<Given> compiled(Set<Given> sources) {
        List<Given> all = new ArrayList<>();
        Map<List<String>, List<Given>> generated = new LinkedHashMap<>();
        for (Given s : sources) {
            if (s.name().endsWith(".cu")) {
                all.add(s);
            } else {
                generated.computeIfAbsent(s.definitions(), k -> new ArrayList<>()).add(s);
            }
        }
        generated.values().forEach(g -> all.add(together(g)));
        return all;
    }

    /**
     * The common part once, then each source's own text as it is, in a namespace, its kernels under names of their
     * own.
     */
    private static Given together(List<Given> sources) {
        String common = Source.generated("", "", DataType.FLOAT32).text();
        StringBuilder text = new StringBuilder(common);
        for (int i = 0; i < sources.size(); i++) {
            Given s = sources.get(i);
            assertTrue(s.source().startsWith(common), s.name());
            String own = s.source().substring(common.length());
            Set<String> kernels = names(KERNEL, own);
            assertFalse(kernels.isEmpty(), s.name());
            for (String k : kernels) {
                text.append("#define ").append(k).append(' ').append(k).append('_').append(i).append('\n');
            }
            text.append("namespace source_").append(i).append(" {\n#line 1 \"").append(s.name()).append("\"\n")
                    .append(own)
                    .append("}\n");
            kernels.forEach(k -> text.append("#undef ").append(k).append('\n'));
        }
        return new Given(sources.size() + " generated kernels", text.toString(), sources.get(0).definitions());
    }

    private static int count(Pattern p, String text) {
        return (int) p.matcher(text).results().count();
    }

    private static Set<String> names(Pattern p, String text) {
        Set<String> names = new TreeSet<>();
        Matcher m = p.matcher(text);
        while (m.find()) {
            names.add(m.group(1));
        }
        return names;
    }

    private static Void compile(Nvcc nvcc, Given source, String architecture) throws IOException {
        String ptx = Files.readString(nvcc.compile(source, architecture));
        assertEquals(count(KERNEL, source.source()), names(ENTRY, ptx).size(), source.name() + ": kernels in the PTX");
        assertTrue(ptx.contains(".target " + architecture), source.name());
        return null;
    }

    /** With {@code -Dcuda.strict=true} it fails where there is no nvcc. */
    @Test
    void everySourceCompilesToPtxForSm75AndSm90() throws Exception {
        Optional<Nvcc> nvcc = Nvcc.installed(Path.of("target", "ptx"));
        if (nvcc.isEmpty()) {
            String text = "CUDA sources are NOT COMPILED: there is no nvcc on the PATH";
            System.out.println("== " + text);
            assertFalse(Boolean.getBoolean("cuda.strict"), text
                    + ", and -Dcuda.strict=true wants them compiled; install "
                    + "NVIDIA's CUDA compiler");
            abort(text);
        }
        Set<Given> sources = sources();
        assertTrue(sources.stream().filter(s -> !s.name().endsWith(".cu")).count() > 50, "generated sources: "
                + sources.size());
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<Void>> all = new ArrayList<>();
            compiled(sources).forEach(s -> ARCHITECTURES.forEach(a -> all.add(pool.submit(() -> compile(nvcc.get(), s,
                    a)))));
            for (Future<Void> f : all) {
                f.get();
            }
            System.out.println("== " + sources.size() + " CUDA sources compiled to PTX for "
                    + String.join(" and ", ARCHITECTURES));
        } finally {
            pool.shutdownNow();
        }
    }

    /** NVRTC has no headers where only its library is installed, and nvcc takes its own without being asked. */
    @Test
    void noSourceAsksForAHeaderOrForNamesOfOne() throws Exception {
        Map<String, String> found = new LinkedHashMap<>();
        for (Given s : sources()) {
            Matcher m = Pattern.compile("#\\s*include|\\bstd::|\\b(size_t|u?int\\d+_t|INFINITY|NAN|printf|assert)\\b")
                    .matcher(s.source().replaceAll("//.*", ""));
            if (m.find()) {
                found.put(s.name(), m.group());
            }
        }
        assertEquals(Map.of(), found);
    }
}
