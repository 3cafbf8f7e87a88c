package org.mocha4j.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a configuration record whose own fields stand directly in the surrounding record in files:
 * {@code Convolution(int filters, @Flat Window window)} is written {@code {filters: 20, kernel: 5, stride: 2}}.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Flat {
}
