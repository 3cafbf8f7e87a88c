package org.mocha4j.api;

/** What an update rule keeps per parameter. */
public interface Slots {
    /** A state of the parameter's type and shape, zero at first, saved in snapshots under this name. */
    Value state(String name);

    /** The learning rate of this parameter: the policy's rate times the parameter's local rate. Rank 0. */
    Value rate();

    /** The policy's rate without the local factor. Rank 0. */
    Value globalRate();

    /** The number of completed updates. Rank 0. */
    Value iteration();
}
