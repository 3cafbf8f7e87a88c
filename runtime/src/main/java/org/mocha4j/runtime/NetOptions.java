package org.mocha4j.runtime;

import java.util.Map;
import java.util.function.Function;
import org.mocha4j.api.Shape;

/**
 * How a net is built.
 *
 * @param where  where a node stands, for messages: {@code net.yaml:12}; null where that is unknown
 * @param shapes of blobs that the caller feeds instead of the data layers that name them
 */
public record NetOptions(Function<Node, String> where, Map<String, Shape> shapes) {
    public static final NetOptions DEFAULT = new NetOptions(n -> null, Map.of());

    /** For a net whose caller feeds blobs of these shapes. */
    public static NetOptions fed(Map<String, Shape> shapes) {
        return new NetOptions(n -> null, shapes);
    }
}
