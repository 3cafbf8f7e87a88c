package org.mocha4j.api;

import java.util.List;

/**
 * Where layers, neurons, update rules and ops write down what is to be computed. Names (of parameters, states,
 * random numbers) are local to the layer that is being built. Each value belongs to one graph.
 */
public interface Graph {
    /** Adds an op with exactly one output. @throws ShapeException if the inputs do not fit */
    Value op(Op op, Value... inputs);

    /** Adds an op with any number of outputs. */
    List<Value> ops(Op op, Value... inputs);

    /** A trained tensor. The same name in the same layer is the same parameter. */
    Value parameter(String name, Shape shape, Param param);

    /**
     * The parameter of another layer of this net, built before this one: a second use, whose gradient adds up.
     *
     * @param layer the other layer's name, or its parameter key
     * @throws ConfigurationException naming the parameters that there are
     */
    Value parameterOf(String layer, String name);

    /** A tensor that is kept and saved but not trained, such as a running mean. */
    Value state(String name, Spec spec, Initializer init);

    /** Sets a state or parameter at the end of a training step, unless the step failed. Ignored in {@link Phase#TEST}. */
    void assign(Value state, Value next);

    /** A tensor that never changes, of the array's own type. */
    Value constant(Array array);

    /** A number that the runtime knows: {@code valid}, the samples of the batch that count. Rank 0. */
    Value scalar(String name);

    /** A number that follows a policy over the completed iterations, written before each step. Rank 0. */
    Value scalar(String name, Policy policy);

    /** Random numbers, new in each step, keyed by seed, layer, {@code name}, step and row-major element index. */
    Value random(String name, Distribution d, Shape shape);

    /** The tops of a data layer: what the source delivers, one value per stream. */
    List<Value> source(Source s);

    /** Adds weight · v to the objective; v has one element. */
    void loss(Value v, double weight);

    void statistic(Statistic s, Value... inputs);

    /** Reads values back after each step, outside the device's program. */
    void sink(Sink s, Value... inputs);

    Phase phase();

    /** The floating-point type that the net computes in. */
    DataType type();

    /** The number of tops that the node being built names; 0 where it names none. */
    int tops();
}
