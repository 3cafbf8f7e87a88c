package org.mocha4j.api;

import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Kernel;

/** Takes what a plug-in offers. */
public interface Registrar {
    /**
     * Configuration records, found by simple name under each role they implement (an interface with {@link Role}).
     *
     * @throws ConfigurationException if one has no role, or a name is taken: the message names both bundles
     */
    @SuppressWarnings("unchecked")
    void types(Class<? extends Record>... types);

    void backend(Backend backend);

    /** Adds kernels to a backend of this or another bundle; they come after the backend's own. */
    void kernels(String backend, Kernel<?>... kernels);

    void format(Format format);
}
