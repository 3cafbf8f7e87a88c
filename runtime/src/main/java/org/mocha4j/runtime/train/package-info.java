/** Training: the solver's loop, its coffee breaks, prefetching of data, snapshots, and whole runs. */
package org.mocha4j.runtime.train;
