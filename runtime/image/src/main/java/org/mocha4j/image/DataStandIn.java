package org.mocha4j.image;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Op;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Source;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;

/**
 * A data layer whose samples come from the bottom instead of its source: what it does to them, such as transformers,
 * stays. Other streams of it are zeros, which nothing reads.
 *
 * @param top  which of its tops the bottom is, and the only one that this layer has
 * @param tops how many it has
 */
record DataStandIn(Layer data, int top, int tops) implements Layer {
    @Override public List<Value> build(Graph g, List<Value> inputs) {
        return List.of(data.build(new Fed(g, inputs.get(0)), List.of()).get(top));
    }

    /** The graph, with samples in place of sources. */
    private final class Fed implements Graph {
        private final Graph graph;
        private final Value samples;

        Fed(Graph graph, Value samples) {
            this.graph = graph;
            this.samples = samples;
        }

        @Override public List<Value> source(Source s) {
            List<Value> streams = new ArrayList<>();
            for (int i = 0; i < tops; i++) {
                streams.add(i == top ? samples : graph.constant(Array.filled(
                    new Spec(samples.type(), Shape.of(samples.shape().dim(0))), 0)));
            }
            return streams;
        }

        @Override public int tops() {
            return tops;
        }

        @Override public Value op(Op op, Value... inputs) {
            return graph.op(op, inputs);
        }

        @Override public List<Value> ops(Op op, Value... inputs) {
            return graph.ops(op, inputs);
        }

        @Override public Value parameter(String name, Shape shape, Param param) {
            return graph.parameter(name, shape, param);
        }

        @Override public Value parameterOf(String layer, String name) {
            return graph.parameterOf(layer, name);
        }

        @Override public Value state(String name, Spec spec, Initializer init) {
            return graph.state(name, spec, init);
        }

        @Override public void assign(Value state, Value next) {
            graph.assign(state, next);
        }

        @Override public Value constant(Array array) {
            return graph.constant(array);
        }

        @Override public Value scalar(String name) {
            return graph.scalar(name);
        }

        @Override public Value scalar(String name, Policy policy) {
            return graph.scalar(name, policy);
        }

        @Override public Value random(String name, Distribution d, Shape shape) {
            return graph.random(name, d, shape);
        }

        @Override public void loss(Value v, double weight) {
            graph.loss(v, weight);
        }

        @Override public void statistic(Statistic s, Value... inputs) {
            graph.statistic(s, inputs);
        }

        @Override public void sink(Sink s, Value... inputs) {
            graph.sink(s, inputs);
        }

        @Override public Phase phase() {
            return graph.phase();
        }

        @Override public DataType type() {
            return graph.type();
        }
    }
}
