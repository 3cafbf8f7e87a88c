package org.mocha4j.cuda.internal.driver;

/**
 * A device and its libraries.
 *
 * @param name         as the maker calls it
 * @param architecture its compute capability as one number: 75, 90
 * @param memoryBytes  of the device
 * @param versions     of driver and libraries, for people and to tell compiled kernels apart
 */
public record DeviceInfo(String name, int architecture, long memoryBytes, String versions) {
}
