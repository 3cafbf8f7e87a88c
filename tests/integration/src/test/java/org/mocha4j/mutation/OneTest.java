package org.mocha4j.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs tests {@code package.Class#method}; exit code 0: all pass, 1: one fails, 2: one is not there, 3: none of them
 * fails but some were skipped, each in a line {@code SKIPPED test: reason}.
 */
public final class OneTest {
    private OneTest() {
    }

    public static void main(String[] tests) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        List<String> failures = new ArrayList<>();
        int code = 0;
        boolean skipped = false;
        for (String test : tests) {
            Skips skips = new Skips();
            TestExecutionSummary summary = run(test, skips);
            summary.getFailures().forEach(f -> failures.add(test + ": " + String.valueOf(f.getException()).lines()
                .findFirst().orElse("")));
            if (summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() == 0) {
                if (skips.reason.isEmpty()) {
                    failures.add(test + ": no such test");
                    code = 2;
                } else {
                    out.println(Mutations.SKIPPED + test + ": " + skips.reason);
                    skipped = true;
                }
            }
        }
        failures.stream().limit(3).forEach(out::println);
        out.flush();
        System.exit(code > 0 ? code : !failures.isEmpty() ? 1 : skipped ? 3 : 0);
    }

    /** Why a test was given up by an assumption. */
    private static final class Skips implements TestExecutionListener {
        private String reason = "";

        @Override
        public void executionFinished(TestIdentifier id, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                reason = result.getThrowable().map(t -> String.valueOf(t.getMessage())).orElse("no reason");
            }
        }

        @Override
        public void executionSkipped(TestIdentifier id, String why) {
            reason = why;
        }
    }

    private static TestExecutionSummary run(String test, Skips skips) throws ClassNotFoundException {
        String[] parts = test.split("#");
        PostDiscoveryFilter method = d -> FilterResult.includedIf(named(d, parts[1]));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(Class.forName(parts[0]))).filters(method).build();
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(request, listener, skips);
        return listener.getSummary();
    }

    private static boolean named(TestDescriptor d, String method) {
        return d.getSource().filter(s -> s instanceof MethodSource).map(s -> ((MethodSource) s).getMethodName()
            .equals(method)).orElse(true);
    }
}
