/** The standard regularizers. */
package org.mocha4j.regularizers;
