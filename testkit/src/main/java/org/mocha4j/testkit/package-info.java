/** Checks for ops, layers and backends. */
package org.mocha4j.testkit;
