/** HDF5: the data layer, and the file format of parameters and snapshots. */
module org.mocha4j.hdf5 {
    requires transitive org.mocha4j.api;
    requires org.slf4j;
    requires io.jhdf;
    requires com.ning.compress.lzf;                              // jhdf has no descriptor that would ask for these two
    requires org.apache.commons.lang3;

    exports org.mocha4j.hdf5;

    provides org.mocha4j.api.Plugin with org.mocha4j.hdf5.Hdf5Plugin;
}
