package org.mocha4j.image;

/** The order in which a net takes the colours. */
public enum Channels {
    /** Red, green, blue: as files have them. */
    RGB,
    /** Blue, green, red: as Caffe's models are trained. */
    BGR
}
