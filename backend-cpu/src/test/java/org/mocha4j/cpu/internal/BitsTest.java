package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Device;

/** Results do not depend on threads or on what the compiler has done; compiled kernels allocate nothing. */
class BitsTest {
    @EachWay
    void anyNumberOfThreadsGivesTheSameBits(String vector, DataType type) {
        List<Map<String, Integer>> found = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            try (Device d = FastTest.open(vector, threads)) {
                Map<String, Integer> bits = new LinkedHashMap<>();
                Samples.all(d, type, 25).forEach((name, t) -> bits.put(name, Samples.bits(t)));
                found.add(bits);
            }
        }
        assertEquals(found.get(0), found.get(1));
        assertEquals(found.get(0), found.get(2));
    }

    /** A second virtual machine that only interprets gives the cold bits. */
    @EachWay
    void coldAndHotGiveTheSameBits(String vector, DataType type) throws Exception {
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint",
                "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                Samples.class.getName(), vector, type.name()).redirectErrorStream(true).start();
        String text = new String(p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor(), text);
        List<String> cold = text.lines().filter(l -> l.startsWith("bits ")).toList();
        try (Device d = FastTest.open(vector, 1)) {
            Map<String, Trial> samples = Samples.all(d, type, 1);
            samples.values().forEach(t -> {
                for (int i = 0; i < 20000; i++) {
                    t.step().run();
                }
            });
            List<String> hot = samples.entrySet().stream()
                    .map(e -> "bits " + e.getKey() + " = " + Samples.bits(e.getValue())).toList();
            assertEquals(cold.stream().collect(Collectors.joining("\n")),
                    hot.stream().collect(Collectors.joining("\n")));
        }
    }

    @EachWay
    void compiledKernelsAllocateNothing(String vector, DataType type) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Device d = FastTest.open(vector, 2)) {
            long[] ids = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t == Thread.currentThread() || t.getName().startsWith("mocha-cpu-"))
                    .mapToLong(Thread::getId).toArray();
            assertTrue(ids.length >= 2);
            List<String> allocating = new ArrayList<>();
            Samples.all(d, type, 5).forEach((name, t) -> {
                long bytes = Long.MAX_VALUE;
                for (int round = 0; bytes > 0 && round < 60; round++) {
                    for (int i = 0; i < 300; i++) {
                        t.step().run();
                    }
                    long before = allocated(threads, ids);
                    for (int i = 0; i < 100; i++) {
                        t.step().run();
                    }
                    bytes = allocated(threads, ids) - before;
                }
                if (bytes > 0) {
                    allocating.add(name + ": " + bytes / 100 + " bytes a run");
                }
            });
            assertEquals(List.of(), allocating);
        }
    }

    private static long allocated(com.sun.management.ThreadMXBean threads, long[] ids) {
        long sum = 0;
        for (long id : ids) {
            sum += Math.max(0, threads.getThreadAllocatedBytes(id));
        }
        return sum;
    }
}
