/** HDF5: the data layer, the sink, and the file format of parameters and snapshots. */
module org.mocha4j.hdf5 {
    requires org.mocha4j.api;
    requires org.slf4j;
    requires io.jhdf;
}
