package org.mocha4j.api;

import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Kernel;

/** Takes what a plug-in offers. */
public interface Registrar {
    /**
     * Configuration records, found by simple name under each role they implement (an interface with {@link Role}).
     *
     * <p>A name that two bundles offer is an error for a net that uses it: the message names both.
     *
     * @throws ConfigurationException if one is no record or has no role, or two have one name
     */
    void types(Class<?>... types);

    void backend(Backend backend);

    /** Adds kernels to a backend of this or another bundle; they come after the backend's own. */
    void kernels(String backend, Kernel<?>... kernels);

    void format(Format format);
}
