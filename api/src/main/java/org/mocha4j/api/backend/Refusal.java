package org.mocha4j.api.backend;

/** @param why in words that help: {@code groups must be 1, found 2} */
public record Refusal(String why) implements Offer {
}
