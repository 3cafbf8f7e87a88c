package org.mocha4j.hdf5;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Source;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.Value;

/**
 * Batches from HDF5 files, streamed: one top per data set, [batchSize, …] with the data set's extents but the first.
 * Batches wrap over the ends of files and of the epoch and may mix files. No bottoms. Data sets hold floats (16, 32, 64
 * bits) or integers (8 to 64 bits) in any byte order, contiguous (fastest), chunked or compressed (gzip, LZF, shuffle,
 * fletcher32); they become the net's type, unscaled. Data may be larger than memory; chunks are decompressed ahead, by
 * several threads, and what was used last stays in memory, in all at most a quarter of the largest heap. Shuffling
 * compressed data that is larger decompresses one chunk or more per sample: store such data contiguous.
 *
 * <p>Errors name file, data set and row: files that are missing, truncated or not HDF5; missing data sets; data sets of
 * one file with different numbers of rows; rows of other shapes than in the first file; values that are not finite.
 *
 * <p>As Caffe and Mocha, whose files fit: Mocha's (w, h, c, n) is [n, c, h, w] here. They name data sets as the tops;
 * here {@code datasets} does, so that tops can be called anything.
 *
 * @param source       a text file with one HDF5 file per line, relative to it or else to the net's folder; or an HDF5
 *                     file
 * @param batchSize    samples per batch
 * @param datasets     one per top; default: data, or data and label
 * @param shuffle      whether each epoch takes all samples of all files in a new random order from the seed, default
 *                     false
 * @param transformers by data set, applied in order
 * @yaml {name: train-data, type: HDF5Data, source: data/train.txt, batchSize: 64, tops: [data, label], phase: train}
 * @java Node.source("train-data", new HDF5Data("data/train.txt", 64), "data", "label").only(Phase.TRAIN)
 * @caffe HDF5Data: source, batch_size, shuffle, which permutes files and the rows of each
 * @mocha HDF5DataLayer and AsyncHDF5DataLayer: source, batch_size, transformers, shuffle
 */
public record HDF5Data(String source, int batchSize, List<String> datasets, Boolean shuffle,
                       Map<String, List<Transformer>> transformers) implements Layer, Source {
    public HDF5Data {
        require(source != null && !source.isBlank(), "source", source, "a file");
        positive("batchSize", batchSize);
        datasets = datasets == null ? null : List.copyOf(datasets);
        require(datasets == null || !datasets.isEmpty(), "datasets", datasets, "at least one name");
        shuffle = or(shuffle, false);
        transformers = Collections.unmodifiableMap(new LinkedHashMap<>(or(transformers, Map.of())));
    }

    /** In order, the default data sets, without transformers. */
    public HDF5Data(String source, int batchSize) {
        this(source, batchSize, null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        require(inputs.isEmpty(), "bottoms", inputs.size() + " names", "none: HDF5Data is a data layer");
        return Transformer.applyAll(g, g.source(this), names(g.tops()), transformers);
    }

    /** The data sets for so many tops; 0 leaves the number open. */
    List<String> names(int tops) {
        if (datasets == null) {
            require(tops <= 2, "datasets", null, "the names of " + tops + " data sets, one per top");
            return tops == 1 ? List.of("data") : List.of("data", "label");
        }
        require(tops == 0 || tops == datasets.size(), "datasets", datasets, tops + " names, one per top");
        return datasets;
    }

    @Override
    public DataStream open(Context c) {
        return new HDF5Stream(this, c);
    }
}
