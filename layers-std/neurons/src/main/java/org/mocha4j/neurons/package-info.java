/** The standard neurons. */
package org.mocha4j.neurons;
