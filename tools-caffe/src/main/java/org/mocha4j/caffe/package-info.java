/** The programs that export from Caffe what this project imports. */
package org.mocha4j.caffe;
