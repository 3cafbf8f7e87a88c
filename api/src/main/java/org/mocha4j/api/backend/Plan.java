package org.mocha4j.api.backend;

import java.util.List;

/** What a kernel decided for given shapes: layouts, work space and how to run. Immutable, shared by executions. */
public non-sealed interface Plan extends Offer {
    /** The kernel, for people: {@code im2col+gemm}. */
    String kernel();

    /** The layout wanted of each input; the planner reorders where it differs. {@link Layout#ANY} where it is not read. */
    List<Layout> inputs();

    /** The layout of each output. */
    List<Layout> outputs();

    /** Work space needed during the step. */
    default Workspace scratch() {
        return Workspace.NONE;
    }

    /** Work space that lives from here to the gradient op; asked for only where {@link PlanRequest#saves()}. */
    default Workspace saved() {
        return Workspace.NONE;
    }

    /** For a gradient op: whether it reads the saved work space of its forward plan. */
    default boolean readsSaved() {
        return false;
    }

    /** Whether the step reads this input at all; memory of unread inputs is not kept. */
    default boolean reads(int input) {
        return true;
    }

    /** Whether the output may be written into the buffer of the input, which is overwritten. Same type, layout, size. */
    default boolean inPlace(int input, int output) {
        return false;
    }

    /** Whether the step writes its outputs only while the status word is clear, so that it may update state in place. */
    default boolean predicated() {
        return false;
    }

    /** Ties the plan to buffers. The step allocates nothing when it runs. */
    Step bind(Binding b);
}
