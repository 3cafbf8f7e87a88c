package org.mocha4j.runtime;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Spec;

/** Named tensors that can be read and written between runs: {@code conv1___filter}. */
public interface Tensors {
    List<String> names();

    Spec spec(String name);

    /** The present value, row-major. */
    Array read(String name);

    /** Sets a value with as many elements; types are converted. */
    void write(String name, Array value);

    /** Sets the value that the initializer gives: the same again for the same seed. */
    void initialize(String name);
}
