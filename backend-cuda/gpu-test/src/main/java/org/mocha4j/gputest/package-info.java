/**
 * Tests a backend on a machine that has a device and no build: the packer, and what runs from the folder that it
 * packs.
 */
package org.mocha4j.gputest;
