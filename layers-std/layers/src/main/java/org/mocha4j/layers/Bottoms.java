package org.mocha4j.layers;

import java.util.List;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Value;

/** The check of how many bottoms a layer is given. */
final class Bottoms {
    private Bottoms() {
    }

    /** @throws ConfigurationException unless there is one input per word, which says what each is for */
    static void expect(String layer, List<Value> inputs, String... roles) {
        if (inputs.size() != roles.length) {
            throw new ConfigurationException(layer + " has " + inputs.size() + " bottoms; expected: " + roles.length
                    + " (" + String.join(", ", roles) + ")");
        }
    }
}
