/** Brings the bundle's libraries into a folder from which the system can load them. */
package org.mocha4j.nativecpu.internal.install;
