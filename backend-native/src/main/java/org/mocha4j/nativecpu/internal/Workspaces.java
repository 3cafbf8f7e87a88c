package org.mocha4j.nativecpu.internal;

import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Workspace;

/** Work space by bytes. All of it has one type, so that one program needs one block of scratch. */
final class Workspaces {
    private Workspaces() {
    }

    static Workspace bytes(long n) {
        return n == 0 ? Workspace.NONE : new Workspace(DataType.FLOAT32, (n + 3) / 4);
    }
}
