package org.mocha4j.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs tests {@code package.Class#method}; exit code 0: all pass, 1: one fails, 2: one is not there or was skipped. */
public final class OneTest {
    private OneTest() {
    }

    public static void main(String[] tests) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        List<String> failures = new ArrayList<>();
        int code = 0;
        for (String test : tests) {
            TestExecutionSummary summary = run(test);
            summary.getFailures().forEach(f -> failures.add(test + ": " + String.valueOf(f.getException()).lines()
                .findFirst().orElse("")));
            if (summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() == 0) {
                failures.add(test + ": no such test, or skipped");
                code = 2;
            }
        }
        failures.stream().limit(3).forEach(out::println);
        out.flush();
        System.exit(code > 0 ? code : failures.isEmpty() ? 0 : 1);
    }

    private static TestExecutionSummary run(String test) throws ClassNotFoundException {
        String[] parts = test.split("#");
        PostDiscoveryFilter method = d -> FilterResult.includedIf(named(d, parts[1]));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(Class.forName(parts[0]))).filters(method).build();
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(request, listener);
        return listener.getSummary();
    }

    private static boolean named(TestDescriptor d, String method) {
        return d.getSource().filter(s -> s instanceof MethodSource).map(s -> ((MethodSource) s).getMethodName()
            .equals(method)).orElse(true);
    }
}
