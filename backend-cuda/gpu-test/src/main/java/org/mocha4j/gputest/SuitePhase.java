package org.mocha4j.gputest;

import java.util.List;
import java.util.function.Predicate;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.mocha4j.gputest.Phase.Work;

/** The tests that the project runs on every backend, on this one: of the ops first, then of layers, then the rest. */
final class SuitePhase implements Work {
    /** They are of other backends, or of the test kit itself. */
    private static final String OTHERS = ".*\\.(Native.*|LongRun|TestKit)Test";
    private static final List<String> OPS = List.of(".*\\.(OpsTest|SpecialOpsTest)");
    private static final List<String> LAYERS = List.of(".*\\.(Layer.*|Neurons)Test");

    private static final String FEW = "OpsTest|NeuronsTest|PoolingRulesTest|LossRulesTest";

    @Override
    public void run(Setup setup, Report report) {
        System.setProperty("mocha.backends", setup.backend());
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        Launcher launcher = LauncherFactory.create(LauncherConfig.builder().build());
        group(setup, report, launcher, "every op", OPS, List.of());
        group(setup, report, launcher, "every layer and neuron", LAYERS, OPS);
        List<String> done = new java.util.ArrayList<>(OPS);
        done.addAll(LAYERS);
        group(setup, report, launcher, "graphs, nets, rules and training", List.of(".*Test"), done);
    }

    private static void group(Setup setup, Report report, Launcher launcher, String what, List<String> classes,
                              List<String> done) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectPackage("org.mocha4j.suite"))
                .filters(ClassNameFilter.includeClassNamePatterns(classes.toArray(String[]::new)),
                        ClassNameFilter.excludeClassNamePatterns(OTHERS), ours(setup.backend()));
        if (!done.isEmpty()) {
            request.filters(ClassNameFilter.excludeClassNamePatterns(done.toArray(String[]::new)));
        }
        String only = setup.only() != null ? setup.only() : setup.small() ? FEW : ".*";
        request.filters(ClassNameFilter.includeClassNamePatterns(".*\\.(" + only + ")"));
        LauncherDiscoveryRequest r = request.build();
        Tally tally = new Tally();
        if (launcher.discover(r).containsTests()) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> tally.report(report, what, true)));
            launcher.execute(r, tally);
            tally.report(report, what, false);
        }
    }

    /** OpsTest has a factory for each backend, of which that of odd does not ask which one is wanted. */
    private static PostDiscoveryFilter ours(String backend) {
        Predicate<TestDescriptor> other = d -> !backend.equals("odd") && d.getSource()
                .filter(s -> s instanceof MethodSource m && m.getClassName().endsWith(".OpsTest") && m.getMethodName()
                .equals("odd"))
                .isPresent();
        return d -> FilterResult.includedIf(!other.test(d));
    }
}
