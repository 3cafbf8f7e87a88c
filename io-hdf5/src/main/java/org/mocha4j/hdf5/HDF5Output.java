package org.mocha4j.hdf5;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.HashSet;
import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Value;

/**
 * Writes blobs to an HDF5 file, for predictions and features: one data set per bottom, which grows by each batch,
 * without samples that only fill up the last one. Bottoms have samples along axis 0, or are single numbers, of which
 * each batch adds one. No tops. Values are stored in the net's type, contiguous; {@code /} in a name makes groups.
 *
 * <p>Batches are kept in a file per bottom beside the target and put together when the run ends, also if it fails; then
 * the target is renamed into place as a whole. So it may be larger than memory, and needs twice its size on the disk
 * while it is put together. If that fails, or the process is killed, those files stay: FILENAME.DATASET.….rows,
 * elements little-endian. A run that took no batch writes no file. While a net is trained, and in validations between,
 * sinks take nothing; {@code mocha test} and every {@code Execution} of one's own feed them.
 *
 * <p>Mocha writes in training too, and overwrites an existing file when the net is made; here it stays until there is
 * another.
 *
 * @param filename       relative to the net's folder; folders are made
 * @param datasets       one name per bottom; default: the names of the blobs
 * @param forceOverwrite whether a file that exists is replaced, with a warning; default false: it is an error before
 *                       anything is computed
 * @yaml {name: features, type: HDF5Output, filename: features.h5, datasets: [code, label], bottoms: [ip1, label],
 *        phase: test}
 * @java Node.sink("features", new HDF5Output("features.h5", List.of("code", "label"), null), "ip1",
 *        "label").only(Phase.TEST)
 * @shape ip1 [100, 500], label [100]
 * @caffe HDF5Output: file_name
 * @mocha HDF5OutputLayer: filename, datasets, force_overwrite
 */
public record HDF5Output(String filename, List<String> datasets, Boolean forceOverwrite) implements Layer, Sink {
    public HDF5Output {
        require(filename != null && !filename.isBlank(), "filename", filename, "a file");
        datasets = datasets == null ? null : List.copyOf(datasets);
        forceOverwrite = or(forceOverwrite, false);
        if (datasets != null) {
            checkNames("datasets", datasets);
        }
    }

    /** Under the names of the blobs; an existing file is an error. */
    public HDF5Output(String filename) {
        this(filename, null, null);
    }

    private static void checkNames(String field, List<String> names) {
        require(new HashSet<>(names).size() == names.size(), field, names, "a different name for each bottom");
        for (String n : names) {
            require(n.matches("[^/]+(/[^/]+)*") && !n.isBlank(), field, names, "names such as prob or layer/prob");
            require(names.stream().noneMatch(o -> o.startsWith(n + "/")), field, names,
                    "no name that is the group of another");
        }
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        require(!inputs.isEmpty(), "bottoms", "empty", "at least one name");
        require(datasets == null || datasets.size() == inputs.size(), "datasets", datasets, inputs.size()
                + " names, one per bottom");
        g.sink(this, inputs.toArray(Value[]::new));
        return List.of();
    }

    @Override
    public Writer open(Context c) {
        List<String> names = datasets != null ? datasets : c.blobs();
        checkNames("datasets", names);
        return new HDF5Writer(this, names, c);
    }
}
