/** Pictures, and the classifier that shows them to a net. */
package org.mocha4j.image;
