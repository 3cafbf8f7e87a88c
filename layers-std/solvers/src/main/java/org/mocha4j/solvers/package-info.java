/** The standard solvers: update rules, policies of rate and momentum, gradient rules. */
package org.mocha4j.solvers;
