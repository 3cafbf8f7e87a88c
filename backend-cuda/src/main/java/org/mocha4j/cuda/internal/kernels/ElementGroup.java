package org.mocha4j.cuda.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/**
 * Element-wise passes that come one after the other and do not need each other, as one launch: so the updates of all
 * parameters are one kernel. Where they are is an argument of the kernel, a table; passes that do not fit into one are
 * several launches.
 */
public final class ElementGroup {
    /** Elements that a block takes. */
    static final int SPAN = 4 * Launch.THREADS;
    /** What a kernel's arguments may take on every device. */
    private static final int ARGUMENT_WORDS = 4096 / 8;
    /** Words of a tensor's row beside its addresses. */
    private static final int OTHERS = 3;
    private static final int STEP = 8;
    private final List<Elements> members = new ArrayList<>();
    private final List<ElementCode> codes = new ArrayList<>();
    private int width;
    private long blocks;

    private ElementGroup() {
    }

    /** The same work with fewer launches. */
    public static List<Command> join(List<Command> commands) {
        List<Command> all = new ArrayList<>();
        ElementGroup group = new ElementGroup();
        for (Command c : commands) {
            if (c instanceof Elements e) {
                if (e.n() > 0 && !group.add(e)) {
                    group.flush(all);
                    group = new ElementGroup();
                    group.add(e);
                }
            } else {
                group.flush(all);
                group = new ElementGroup();
                all.add(c);
            }
        }
        group.flush(all);
        return all;
    }

    private static int capacity(int width) {
        return (ARGUMENT_WORDS - 2) / (width + OTHERS);
    }

    private static long blocks(Elements e) {
        return (e.n() + SPAN - 1) / SPAN;
    }

    /** @return false if it has to come later, or there is no room */
    private boolean add(Elements e) {
        int wide = Math.max(width, e.at().size());
        boolean fits = members.isEmpty() || members.size() < capacity(wide) && blocks + blocks(e) <= Integer.MAX_VALUE
                && e.type() == members.get(0).type()
                && members.stream().noneMatch(m -> m.meets(e) || otherStatus(m, e));
        if (fits) {
            members.add(e);
            width = wide;
            blocks += blocks(e);
            if (!codes.contains(e.code())) {
                codes.add(e.code());
            }
        }
        return fits;
    }

    private static boolean otherStatus(Elements a, Elements b) {
        return a.code().predicated() && b.code().predicated() && a.status() != b.status();
    }

    private void flush(List<Command> to) {
        if (members.size() == 1) {
            to.add(members.get(0).alone());
        } else if (!members.isEmpty()) {
            to.add(launch());
        }
    }

    private Launch launch() {
        // few sizes, so that compiled code is found again
        int capacity = Math.min(capacity(width), (members.size() + STEP - 1) / STEP * STEP);
        long[] words = new long[1 + capacity * (OTHERS + width)];
        boolean[] addresses = new boolean[words.length];
        words[0] = members.size();
        long first = 0;
        for (int k = 0; k < members.size(); k++) {
            Elements e = members.get(k);
            words[1 + k] = first;
            words[1 + capacity + k] = e.n();
            words[1 + 2 * capacity + k] = codes.indexOf(e.code());
            for (int i = 0; i < e.at().size(); i++) {
                int place = 1 + OTHERS * capacity + k * width + i;
                words[place] = e.at().get(i);
                addresses[place] = true;
            }
            first += blocks(e);
        }
        long status = members.stream().filter(e -> e.code().predicated()).mapToLong(Elements::status).findFirst()
                .orElse(0);
        Arguments a = status == 0 ? new Arguments().whole(0) : new Arguments().address(status);
        Source s = Source.generated(members.size() + " passes", ElementCode.kernel(codes, capacity, width, SPAN),
                members.get(0).type());
        return new Launch(s, ElementCode.KERNEL, first, Launch.THREADS, a.table(words, addresses));
    }
}
