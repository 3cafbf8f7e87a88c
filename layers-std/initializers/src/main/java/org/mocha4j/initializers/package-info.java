/** The standard initializers of parameters. */
package org.mocha4j.initializers;
