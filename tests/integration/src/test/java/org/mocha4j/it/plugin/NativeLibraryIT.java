package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.integration.Distribution;
import org.mocha4j.integration.MochaRun;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;

/** The libraries of the native backend, wherever its bundle is: loaded more than once in one JVM, updated, removed. */
@Timeout(180)
class NativeLibraryIT {
    private static final String SUMMARY = "breaks=[{type: TrainingSummary, everyIterations: 6}]";
    private static final Object[] REQUEST = {"backend", "native", "set", List.of("solver.iterations=12")};
    @TempDir static Path temp;
    private static Path net;
    private static String expected;

    @BeforeAll static void prepare() throws Exception {
        MochaRun doctor = MochaRun.of("doctor");
        String state = doctor.out().lines().filter(l -> l.startsWith("  native ")).findFirst().orElse("there is no"
                + " native backend");
        assumeTrue(state.contains("usable: ") && !state.contains("not usable: "), "skipped: " + state.strip());
        net = Digits.in(temp.resolve("digits"));
        Files.writeString(net, Files.readString(net).replaceAll("(?m)^.*acme.Gate.*\\R", "").replace("[gate1]",
                "[conv1]")
            .replaceAll("\\{type: acme.Swish[^}]*\\}|acme.Swish", "ReLU"));
        try (Place place = Place.classPath(temp)) {
            expected = train(place);
        }
    }

    private static String train(Place place) {
        Place.Answer answer = place.train(net, REQUEST);
        double[] losses = answer.losses();
        assertTrue(losses[losses.length - 1] < losses[0], "it learns");
        return answer.bits();
    }

    @Test void onTheModulePath() throws Exception {
        try (Place place = Place.modulePath(temp)) {
            assertEquals(expected, train(place));
        }
    }

    @Test void inOsgi() throws Exception {
        try (Place place = Place.felix(temp)) {
            assertEquals(expected, train(place));
        }
    }

    @Test void twoClassLoadersAtOnce() throws Exception {
        try (Place one = Place.classPath(temp); Place other = Place.classPath(temp)) {
            CompletableFuture<String> theirs = CompletableFuture.supplyAsync(() -> train(other));
            assertEquals(expected, train(one));
            assertEquals(expected, theirs.get(120, TimeUnit.SECONDS));
        }
        try (Place after = Place.classPath(temp)) {
            assertEquals(expected, train(after), "and one after they have gone");
        }
    }

    @Test void theBundleIsUpdatedWhileANetTrainsAndThenRemoved() throws Exception {
        try (Place place = Place.felix(temp)) {
            Bundle bundle = List.of(place.felix().context().getBundles()).stream()
                .filter(b -> b.getSymbolicName().equals("org.mocha4j.nativecpu")).findFirst().orElseThrow();
            LongConsumer update = i -> {
                if (i == 5) {
                    update(bundle);
                    refresh(place);
                }
            };
            Object[] request = {"backend", "native", "set", List.of("solver.iterations=12"), "step", update};
            assertEquals(expected, place.train(net, request).bits(), "the net that trains goes on");
            assertEquals(expected, train(place), "a new one uses the new bundle");
            bundle.uninstall();
            refresh(place);
            RuntimeException gone = assertThrows(RuntimeException.class, () -> train(place));
            assertEquals("unknown backend [native]; there are: cpu, cuda, odd, reference", gone.getMessage());
            assertEquals(ConfigurationException.class.getName(), gone.getClass().getName());
            place.felix().install(Distribution.bundle("mocha4j-nativecpu")).start();
            assertEquals(expected, train(place), "installed again");
        }
    }

    @Test void theCommandTakesItAndSaysSo() throws Exception {
        assumeTrue(MochaRun.of("doctor").out().contains("\n  cuda                   not usable: "), "cuda is taken");
        MochaRun run = MochaRun.of("train", net.toString(), "--set", SUMMARY, "--iterations", "6");
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().lines().anyMatch(l -> l.matches("Backend native: oneDNN [0-9.]+, .*; cpu not taken, it"
                + " is slower; cuda not usable: [^;]+; reference not taken, it is slower")), run.out());
    }

    private static void update(Bundle bundle) {
        try (InputStream in = Files.newInputStream(Distribution.bundle("mocha4j-nativecpu"))) {
            bundle.update(in);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refresh(Place place) {
        CountDownLatch done = new CountDownLatch(1);
        place.felix().context().getBundle(0).adapt(FrameworkWiring.class).refreshBundles(null, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        try {
            assertTrue(done.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
