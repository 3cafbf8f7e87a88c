package org.mocha4j.gputest;

import java.util.List;
import org.mocha4j.gputest.Phase.Work;

/** {@code mocha check-gradients} on the examples. */
final class GradientsPhase implements Work {
    @Override
    public void run(Setup setup, Report report) {
        List<String> nets = setup.small() ? List.of("mnist") : List.of("mnist", "cifar10", "mnist-two-heads");
        for (String net : nets) {
            Command c = Command.run(setup, List.of("check-gradients", net, "--backend", setup.backend(), "--samples",
                    Integer.toString(setup.of(10, 2))));
            report.claim("gradients of " + net + " are within 1e-6", c.code() == 0 ? c.lastLine() : c.err(),
                    c.code() == 0);
        }
    }
}
