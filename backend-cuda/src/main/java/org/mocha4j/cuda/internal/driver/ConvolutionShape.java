package org.mocha4j.cuda.internal.driver;

import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;

/** x [N, C, H, W], filter [F, C/groups, kh, kw], y [N, F, OH, OW], all row-major. */
public record ConvolutionShape(DataType type, Shape x, Shape filter, Shape y, Window window, int groups) {
}
