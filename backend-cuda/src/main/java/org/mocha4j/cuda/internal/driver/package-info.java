/** What the backend asks of CUDA's libraries: one small interface, and its implementation by JCuda and JNA. */
package org.mocha4j.cuda.internal.driver;
