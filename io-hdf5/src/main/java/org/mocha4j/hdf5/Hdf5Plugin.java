package org.mocha4j.hdf5;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** HDF5: data layer and output, and the file format of parameters and snapshots. */
public final class Hdf5Plugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(Hdf5Plugin.class, "", "HDF5: data layer, output and file format");
    }

    @Override
    public void register(Registrar r) {
        r.types(HDF5Data.class, HDF5Output.class);
        r.format(new Hdf5Format());
    }
}
