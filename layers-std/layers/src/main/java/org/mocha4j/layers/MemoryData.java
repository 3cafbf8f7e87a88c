package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Source;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.Value;

/**
 * Batches from tensors in memory, one top per tensor: [batchSize, …]. Batches wrap over the end of an epoch. No
 * bottoms.
 * Values that are not finite stop the run before it starts, naming stream and row. As in Mocha, which calls {@code
 * names} tops.
 *
 * @param batchSize    samples per batch
 * @param data         tensors with samples along axis 0, equally many in each, at least one
 * @param names        of the streams, for transformers and messages; default data, label, 2, 3, …
 * @param shuffle      whether each epoch takes the samples in a new random order, default false
 * @param transformers by name of the stream, applied in order
 * @yaml {name: points, type: MemoryData, batchSize: 2, data: [[[0, 1], [1, 0], [1, 1]], [1, 1, 0]], tops: [data,
 *        label]}
 * @java Node.source("points", new MemoryData(2, Array.of(Shape.of(3, 2), 0.0, 1, 1, 0, 1, 1), Array.of(Shape.of(3),
 *        1.0, 1, 0)), "data", "label")
 * @caffe MemoryData, which is fed by its caller
 * @mocha MemoryDataLayer: batch_size, data, transformers; tops also name the streams
 */
public record MemoryData(int batchSize, List<Array> data, List<String> names, Boolean shuffle,
                         Map<String, List<Transformer>> transformers) implements Layer, Source {
    public MemoryData {
        positive("batchSize", batchSize);
        require(data != null && !data.isEmpty(), "data", data, "at least one tensor");
        data = List.copyOf(data);
        names = names == null ? defaultNames(data.size()) : List.copyOf(names);
        shuffle = or(shuffle, false);
        transformers = Collections.unmodifiableMap(new LinkedHashMap<>(or(transformers, Map.of())));
        require(names.size() == data.size(), "names", names, data.size() + " names, one per tensor");
        int samples = data.get(0).shape().rank() == 0 ? 0 : data.get(0).shape().dim(0);
        for (int i = 0; i < data.size(); i++) {
            Array a = data.get(i);
            require(a.shape().rank() > 0 && a.shape().dim(0) > 0, names.get(i), a.shape(),
                    "at least one sample along axis 0");
            require(a.shape().dim(0) == samples, names.get(i), a.shape(),
                    samples + " samples, as " + names.get(0) + " has");
        }
    }

    /** In order, without transformers. */
    public MemoryData(int batchSize, Array... data) {
        this(batchSize, List.of(data), null, null, null);
    }

    private static List<String> defaultNames(int n) {
        List<String> names = new ArrayList<>(List.of("data", "label"));
        for (int i = 2; i < n; i++) {
            names.add(Integer.toString(i));
        }
        return List.copyOf(names.subList(0, n));
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("MemoryData", inputs);
        require(g.tops() == data.size() || g.tops() == 0 && data.size() == 1, "tops", g.tops() + " names",
                data.size() + ", one per tensor");
        return Transformer.applyAll(g, g.source(this), names, transformers);
    }

    @Override
    public DataStream open(Context c) {
        return new MemoryStream(this, c);
    }
}
