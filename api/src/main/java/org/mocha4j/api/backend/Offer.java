package org.mocha4j.api.backend;

/** A kernel's answer: a {@link Plan} or a {@link Refusal}. */
public sealed interface Offer permits Plan, Refusal {
}
