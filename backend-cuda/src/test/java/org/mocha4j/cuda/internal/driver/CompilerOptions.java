package org.mocha4j.cuda.internal.driver;

import java.util.List;

/** Lets tests outside this package see what NVRTC is told. */
public final class CompilerOptions {
    private CompilerOptions() {
    }

    public static List<String> of(String architecture, List<String> definitions) {
        return Nvrtc.options(architecture, definitions);
    }
}
