/**
 * The device, its memory and its programs. Plans make {@link org.mocha4j.cuda.internal.Command commands} of bound buffers;
 * a program puts them on the device's stream, and captures them into a graph.
 */
package org.mocha4j.cuda.internal;
