/** The plug-in with the two backends in pure Java, {@code reference} and {@code cpu}. */
package org.mocha4j.cpu;
