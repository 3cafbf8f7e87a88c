/** Turns files and options into configuration records, each error with the place where it is written. */
package org.mocha4j.runtime.config;
