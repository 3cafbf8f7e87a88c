package org.mocha4j.caffe;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The C++ programs that export what Caffe 1.0 has learned to HDF5. They are sources, to be compiled against Caffe:
 * copied into its folder {@code tools}, or alone, as {@code docs/importing.md} shows.
 */
public enum DumpProgram {
    /** {@code dump_network_hdf5 net.prototxt weights.caffemodel out.hdf5}: parameters as {@code layer___param}. */
    NETWORK("dump_network_hdf5"),
    /** {@code dump_mean_file mean.binaryproto out.hdf5}: a mean as data set {@code mean}, for {@code SubMean}. */
    MEAN("dump_mean_file");

    private final String program;

    DumpProgram(String program) {
        this.program = program;
    }

    /** Its name; that of its source is the same with {@code .cpp}. */
    public String program() {
        return program;
    }

    /** Writes the source into a folder; one that is there is replaced. @return the file */
    public Path writeSource(Path folder) throws IOException {
        String name = program + ".cpp";
        try (InputStream in = DumpProgram.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + ", in the jar of org.mocha4j.caffe");
            }
            return Files.write(folder.resolve(name), in.readAllBytes());
        }
    }
}
