/** Classifies images with a net: decodes, resizes and crops them, runs batches, and names what it found. */
module org.mocha4j.image {
    requires transitive org.mocha4j.runtime;
    requires transitive java.desktop;

    exports org.mocha4j.image;
}
