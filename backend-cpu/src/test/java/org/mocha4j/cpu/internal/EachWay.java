package org.mocha4j.cpu.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test of the fast kernels: with vectors and without, in both types. Parameters: option vector, type. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@CsvSource({"on, FLOAT32", "off, FLOAT32", "on, FLOAT64", "off, FLOAT64"})
@interface EachWay {
}
