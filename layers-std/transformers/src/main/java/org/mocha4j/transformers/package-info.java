/** The standard data transformers. */
package org.mocha4j.transformers;
