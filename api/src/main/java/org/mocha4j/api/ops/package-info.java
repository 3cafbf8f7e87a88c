/** The core ops: primitives that every backend runs, and compound ops that are defined by them. */
package org.mocha4j.api.ops;
