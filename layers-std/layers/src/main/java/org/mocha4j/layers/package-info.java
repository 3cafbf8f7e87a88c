/** The standard layers. */
package org.mocha4j.layers;
