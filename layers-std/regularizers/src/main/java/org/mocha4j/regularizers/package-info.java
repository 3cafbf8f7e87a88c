/** The standard regularizers and constraints. */
package org.mocha4j.regularizers;
