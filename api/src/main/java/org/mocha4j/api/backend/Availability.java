package org.mocha4j.api.backend;

/**
 * Whether a backend can be used.
 *
 * @param rank   for {@code auto}: the usable backend of the highest rank is taken (reference 0, pure Java 10, native 20, CUDA 30)
 * @param detail what it runs on, or one line of parts with a semicolon and a space between them: first what is missing, then where
 *               it was looked for, what was found, what to install; {@code auto} shows the first part
 */
public record Availability(boolean usable, int rank, String detail) {
}
