package org.mocha4j.nativecpu.internal;

import java.util.Optional;
import org.mocha4j.api.backend.PlanRequest;

/** One of the ways to compute convolutions and their gradients. */
interface ConvolutionWay {
    /** As plan files call it. */
    String name();

    /** Why it cannot compute this; empty if it can. */
    Optional<String> refusal(ConvolutionTask t);

    /** A plan for what it does not refuse. */
    NativePlan plan(ConvolutionTask t, PlanRequest r);
}
