package org.mocha4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A transformation of input data, in both phases, without gradient or parameters. */
@Role("transformer")
public interface Transformer {
    /** @param x a batch, samples along axis 0 */
    Value apply(Graph g, Value x);

    /**
     * Applies to each stream of a data layer the transformers under its name, in their order.
     *
     * @param names of the streams, as many as streams
     * @throws ConfigurationException if transformers stand under a name that is none of the streams'
     */
    static List<Value> applyAll(Graph g, List<Value> streams, List<String> names,
                                Map<String, List<Transformer>> transformers) {
        for (String name : transformers.keySet()) {
            Checks.require(names.contains(name), "transformers", "for [" + name + "]", "one of " + names);
        }
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            Value x = streams.get(i);
            for (Transformer t : transformers.getOrDefault(names.get(i), List.of())) {
                x = t.apply(g, x);
            }
            out.add(x);
        }
        return out;
    }
}
