package org.mocha4j.caffe;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** Shows that {@link DumpProgram}s are at hand. It registers no types: what they write is read by the format hdf5. */
public final class CaffePlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(CaffePlugin.class, "", "Programs that export from Caffe: "
                + Stream.of(DumpProgram.values()).map(DumpProgram::program).collect(Collectors.joining(", ")));
    }

    @Override
    public void register(Registrar r) {
        // the programs are sources, to be compiled where Caffe is
    }
}
