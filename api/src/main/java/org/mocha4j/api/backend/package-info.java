/** What backends are written against: devices, kernels, plans, buffers. */
package org.mocha4j.api.backend;
