/** The backend {@code native}: oneDNN, OpenBLAS and own kernels in C++. */
package org.mocha4j.nativecpu;
