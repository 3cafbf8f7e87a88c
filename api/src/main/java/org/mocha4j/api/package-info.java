/** What plug-ins are written against: layers and the other roles, graphs, ops, tensors. */
package org.mocha4j.api;
