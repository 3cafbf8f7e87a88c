package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * A bundle that is updated or removed while a net of its parts trains: that net goes on to the bit, a new one sees the
 * change.
 */
@Timeout(120)
class PluginUpdateIT {
    @TempDir static Path temp;
    private static Path net;
    private static Path first;
    private static Path second;
    private static Place place;
    private static String withFirst;
    private static String withSecond;
    private Bundle acme;

    private interface Change {
        void make() throws Exception;
    }

    @BeforeAll static void prepare() throws Exception {
        net = Digits.in(temp.resolve("digits"));
        first = new Acme(temp.resolve("acme1")).bundle(temp.resolve("acme1.jar"), "1.0.0");
        second = new Acme(temp.resolve("acme2")).replace("Swish", "or(beta, 1.0)", "or(beta, 4.0)")
            .bundle(temp.resolve("acme2.jar"), "2.0.0");
        withFirst = undisturbed(first);
        withSecond = undisturbed(second);
        assertNotEquals(withFirst, withSecond);
        place = Place.felix(temp);
    }

    private static String undisturbed(Path jar) throws Exception {
        try (Place alone = Place.classPath(temp, jar)) {
            return alone.train(net).bits();
        }
    }

    @AfterAll static void end() throws Exception {
        place.close();
    }

    @BeforeEach void install() throws Exception {
        acme = place.felix().install(first);
        acme.start();
    }

    @AfterEach void remove() throws Exception {
        if (acme.getState() != Bundle.UNINSTALLED) {
            acme.uninstall();
        }
        refresh();
    }

    @Test void anUpdateIsForNewNets() throws Exception {
        assertEquals(withFirst, during(this::update).bits());
        Place.Answer next = place.train(net);
        assertEquals(withSecond, next.bits());
        assertTrue(next.plugins().contains("com.acme.mocha 2.0.0"), next.plugins().toString());
    }

    @Test void aNetOutlivesItsBundle() throws Exception {
        assertEquals(withFirst, during(() -> acme.uninstall()).bits());
        Exception e = assertThrows(RuntimeException.class, () -> place.train(net));
        String there = "Plug-ins: " + String.join(", ", place.plugins(place.plugins()).plugins());
        String at = net + ":";
        assertEquals(at + "6: unknown layer [acme.Gate]: no plug-in with the prefix [acme] is there; install the one "
            + "that has it. "
            + there + "\n" + at + "8: unknown neuron [acme.Swish]: no plug-in with the prefix [acme] is there; install "
                + "the one"
            + " that has it. " + there + "\n" + at + "10: unknown neuron [acme.Swish]: no plug-in with the prefix "
                + "[acme] is there;"
            + " install the one that has it. " + there, e.getMessage());
    }

    @Test void manyChangesInOneRun() throws Exception {
        assertEquals(withFirst, during(() -> {
            for (Path jar : new Path[] {second, first, second, first}) {
                update(jar);
            }
            acme.stop();
            acme.start();
            acme.uninstall();
            acme = place.felix().install(second);
            acme.start();
        }).bits());
        assertEquals(withSecond, place.train(net).bits());
    }

    /** Classes that no step has needed so far are still those of the net's own generation. */
    @Test void anUpdateBeforeTheFirstStep() throws Exception {
        Runnable change = () -> {
            try {
                update();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        assertEquals(withFirst, place.train(net, "built", change).bits());
        assertEquals(withSecond, place.train(net).bits());
    }

    /**
     * Whoever deploys bundles may refresh afterwards, which lets go of what is not loaded; a net in training has loaded
     * all.
     */
    @Test void anUpdateAndARefreshInTheMiddle() throws Exception {
        assertEquals(withFirst, during(() -> {
            update();
            refresh();
        }).bits());
        assertEquals(withSecond, place.train(net).bits());
    }

    @Test void twoFrameworksInOneJvmHaveTheirOwn() throws Exception {
        try (Place other = Place.felix(temp, second)) {
            CompletableFuture<String> theirs = CompletableFuture.supplyAsync(() -> other.train(net).bits());
            assertEquals(withFirst, place.train(net).bits());
            assertEquals(withSecond, theirs.get(60, TimeUnit.SECONDS));
        }
    }

    /**
     * Trains in a thread of its own and makes a change while some steps are done: after the 5th, before the end of the
     * 15th.
     */
    private Place.Answer during(Change change) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        LongConsumer step = i -> {
            if (i == 5) {
                running.countDown();
            }
            if (i == 15) {
                await(changed);
            }
        };
        CompletableFuture<Place.Answer> training = CompletableFuture.supplyAsync(() -> place.train(net, "step", step));
        await(running);
        try {
            change.make();
        } finally {
            changed.countDown();
        }
        return training.get(60, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void update() throws Exception {
        update(second);
    }

    private void update(Path jar) throws Exception {
        try (InputStream in = Files.newInputStream(jar)) {
            acme.update(in);
        }
    }

    private static void refresh() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        place.felix().context().getBundle(0).adapt(FrameworkWiring.class).refreshBundles(null, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        await(done);
    }
}
