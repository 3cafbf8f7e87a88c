/** HDF5: the data layer, and the file format of parameters and snapshots. */
package org.mocha4j.hdf5;
