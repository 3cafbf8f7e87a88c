package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A third party's layer, neuron, ops and kernel train inside LeNet, wherever the jars are, on every backend. */
@Timeout(120)
class ThirdPartyTrainsIT {
    @TempDir static Path temp;
    private static final String HOST = "host kernel, with copies from and to the device";

    private static Path net;
    private static Path plain;
    private static Place.Answer expected;

    @BeforeAll static void prepare() throws Exception {
        net = Digits.in(temp.resolve("digits"));
        plain = new Acme(temp.resolve("acme")).plain(temp.resolve("acme.jar"));
        try (Place place = Place.classPath(temp, plain)) {
            expected = place.train(net);
        }
    }

    @Test void onTheClassPath() {
        assertLearned(expected);
        assertTrue(expected.parameters().containsKey("gate1___gate"), expected.parameters().keySet().toString());
        assertTrue(Arrays.stream(expected.parameters().get("gate1___gate")).allMatch(v -> v != 0),
                "gates were trained");
    }

    @Test void onTheModulePath() throws Exception {
        Path jar = new Acme(temp.resolve("module")).modular(temp.resolve("module.jar"));
        try (Place place = Place.modulePath(temp, jar)) {
            assertEquals(expected.bits(), place.train(net).bits());
        }
    }

    @Test void inOsgi() throws Exception {
        Path jar = new Acme(temp.resolve("bundle")).bundle(temp.resolve("bundle.jar"), "1.0.0");
        try (Place place = Place.felix(temp, jar)) {
            assertEquals(expected.bits(), place.train(net).bits());
        }
    }

    @Test void fromAFolderOfJars() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Files.copy(plain, folder.resolve("acme.jar"));
        try (Place place = Place.classPath(temp)) {
            assertEquals(expected.bits(), place.train(net, "plugins", List.of(place.plugins(), folder)).bits());
        }
    }

    @Test void onCpuItsKernelIsTakenAndOtherwiseTheHostKernel() throws Exception {
        assertEquals(List.of("conv2 SwishOp acme swish", "ip1 SwishOp acme swish"), steps(expected, " SwishOp "));
        assertEquals(List.of("ip1 SwishGradient " + HOST, "conv2 SwishGradient " + HOST),
                steps(expected, " SwishGradient "));
        try (Place place = Place.classPath(temp, plain)) {
            for (String backend : List.of("reference", "odd")) {
                Place.Answer other = place.train(net, "backend", backend, "set", List.of("solver.iterations=8"));
                assertEquals(List.of("conv2 SwishOp " + HOST, "ip1 SwishOp " + HOST), steps(other, " SwishOp "));
                assertEquals(steps(expected, " SwishGradient "), steps(other, " SwishGradient "));
                assertNear(expected, other, 0.001);
            }
        }
    }

    @Test void inDoublePrecisionBackendsAgreeClosely() throws Exception {
        try (Place place = Place.classPath(temp, plain)) {
            List<String> set = List.of("type=float64", "solver.iterations=4");
            Place.Answer cpu = place.train(net, "set", set);
            assertEquals(List.of("conv2 SwishOp acme swish", "ip1 SwishOp acme swish"), steps(cpu, " SwishOp "));
            assertNear(cpu, place.train(net, "set", set, "backend", "odd"), 1e-12);
        }
    }

    @Test void thePluginIsSmall() throws Exception {
        int sum = 0;
        try (Stream<Path> files = Files.list(Acme.SOURCES.resolve("com/acme/mocha"))) {
            for (Path file : files.sorted().toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    int n = (int) lines.filter(l -> !l.startsWith("import ") && !l.startsWith("package ")
                            && !l.isBlank()).count();
                    System.out.println("lines of " + file.getFileName() + " without imports: " + n);
                    assertTrue(n <= 40, file + " has " + n + " lines");
                    sum += n;
                }
            }
        }
        System.out.println("lines of the whole plug-in: " + sum);
        assertTrue(sum <= 160, "the whole plug-in has " + sum + " lines");
    }

    private static List<String> steps(Place.Answer answer, String op) {
        return answer.explain().stream().filter(line -> line.contains(op)).toList();
    }

    private static void assertLearned(Place.Answer answer) {
        double[] losses = answer.losses();
        double first = Arrays.stream(losses, 0, 5).average().orElseThrow();
        double last = Arrays.stream(losses, losses.length - 5, losses.length).average().orElseThrow();
        assertTrue(last < 0.6 * first, Arrays.toString(losses));
    }

    private static void assertNear(Place.Answer a, Place.Answer b, double relative) {
        for (int i = 0; i < b.losses().length; i++) {
            assertEquals(a.losses()[i], b.losses()[i], relative * Math.abs(a.losses()[i]), "loss " + i);
        }
    }
}
