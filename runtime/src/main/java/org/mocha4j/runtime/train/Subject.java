package org.mocha4j.runtime.train;

import java.util.List;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.DataInput;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Tensors;

/** What is trained, and what of it makes a run the same run again. */
record Subject(String name, List<Node> nodes, List<DataInput> data, Tensors parameters, Catalog catalog, long seed,
               Net net) {
    static Subject of(Net net) {
        return new Subject(net.name(), net.nodes(), net.data(), net.parameters(), net.session().catalog(),
                net.session().seed(), net);
    }
}
