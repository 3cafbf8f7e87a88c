package org.mocha4j.suite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * Builds layers in a small graph on given values: a parameter is the value of its name, a random number called n the
 * value {@code un}. A loss becomes a value, weighed, and so do the sums of a statistic, if there is a value
 * {@code valid}.
 */
final class GivenGraph {
    private final Graph graph;
    private final Map<String, Value> given;
    private final List<Value> results = new ArrayList<>();

    private GivenGraph(Graph graph, Map<String, Value> given) {
        this.graph = graph;
        this.given = given;
    }

    /** The tops of a layer, or else its loss and the sums of its statistic. */
    static List<Value> build(Graph g, Layer layer, Map<String, Value> given, String... bottoms) {
        GivenGraph me = new GivenGraph(g, given);
        Graph view = (Graph) Proxy.newProxyInstance(GivenGraph.class.getClassLoader(), new Class<?>[] {Graph.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "parameter" -> me.get((String) args[0]);
                    case "random" -> me.get("u" + args[0]);
                    case "loss" -> me.results.add(Ops.affine(g, (Value) args[0], (double) args[1], 0)) ? null : null;
                    case "parameterOf" -> me.get((String) args[1]);
                    case "statistic" -> me.statistic((Statistic) args[0], (Value[]) args[1]);
                    case "phase" -> Phase.TRAIN;
                    case "tops" -> 0;
                    default -> me.call(method, args);
                });
        List<Value> tops = layer.build(view, List.of(bottoms).stream().map(me::get).toList());
        return me.results.isEmpty() ? tops : me.results;
    }

    private Object statistic(Statistic s, Value... inputs) {
        if (given.containsKey("valid")) {
            results.add(s.sums(graph, List.of(inputs), get("valid")));
        }
        return null;
    }

    private Value get(String name) {
        Value v = given.get(name);
        if (v == null) {
            throw new AssertionError("nothing is given for [" + name + "]; there are " + given.keySet());
        }
        return v;
    }

    private Object call(java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(graph, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
