package org.mocha4j.cpu.internal;

/** Work in independent parts whose number follows from shapes alone. */
@FunctionalInterface
public interface Region {
    /**
     * Does one part.
     *
     * @param part 0 … parts−1
     * @param slot 0 … threads−1, different for parts that run at once: selects work space
     */
    void run(int part, int slot);
}
