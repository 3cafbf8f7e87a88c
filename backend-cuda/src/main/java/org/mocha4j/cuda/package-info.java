/** The backend on CUDA as a plug-in. */
package org.mocha4j.cuda;
