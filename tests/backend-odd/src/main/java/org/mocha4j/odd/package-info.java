/** The backend {@code odd}: arenas, padded layouts, saved work space, refusals, whole programs in one call. */
package org.mocha4j.odd;
