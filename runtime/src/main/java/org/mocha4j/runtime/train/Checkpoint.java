package org.mocha4j.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.DataInput;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Tensors;

/**
 * A solver's state as the content of a file. Parameters and states stand under their own names, so that a snapshot is
 * a parameter file too; the update rule's slots under {@code solver/}, the lounge's tables under {@code lounge/}.
 */
final class Checkpoint {
    static final String VERSION = "1";
    static final String SLOTS = "solver/";
    static final String LOUNGE = "lounge/";
    private static final String MARK = "mocha4j-snapshot";
    private static final String POSITION = "position.";
    private static final String SIZE = "size.";
    private static final String FROZEN = "frozen";

    private Checkpoint() {
    }

    /** Everything that a run needs to go on bit for bit. */
    static TensorFile of(Solver s) {
        return of(s, Map.of());
    }

    /** The same with more attributes. */
    static TensorFile of(Solver s, Map<String, String> more) {
        List<Position> positions = s.positions();
        Map<String, Array> tensors = new LinkedHashMap<>();
        copy(s.parameters(), "", tensors);
        copy(s.slots(), SLOTS, tensors);
        s.lounge().names().forEach(n -> tensors.put(LOUNGE + n, s.lounge().table(n)));
        Map<String, String> a = new LinkedHashMap<>();
        a.put(MARK, VERSION);
        a.put("iteration", Long.toString(s.iteration()));
        a.put("batches", Long.toString(s.batches()));
        a.put("epoch", Long.toString(s.epoch()));
        a.put("seed", Long.toString(s.subject().seed()));
        a.put(FROZEN, String.join(" ", s.frozen()));
        a.putAll(more);
        List<DataInput> data = s.subject().data();
        for (int i = 0; i < data.size(); i++) {
            Position p = positions.get(i);
            a.put(POSITION + data.get(i).layer(), p.epoch() + " " + p.sample());
            a.put(SIZE + data.get(i).layer(), size(data.get(i)));
        }
        a.put("net", s.subject().nodes().stream().map(Checkpoint::text).collect(Collectors.joining("\n")));
        a.put("solver", s.config().toString());
        a.put("breaks", s.breaks().stream().map(BreakConfig::toString).collect(Collectors.joining("\n")));
        a.put("types", TypeNames.of(s.subject(), s.config(), s.breaks()));
        return new TensorFile(tensors, a);
    }

    private static void copy(Tensors from, String prefix, Map<String, Array> to) {
        from.names().forEach(n -> to.put(prefix + n, from.read(n)));
    }

    private static String size(DataInput d) {
        return d.stream().size().isPresent() ? Long.toString(d.stream().size().getAsLong()) : "endless";
    }

    private static String text(Node n) {
        return n.name() + ": " + n.layer() + " " + n.bottoms() + " -> " + n.tops()
                + (n.neuron() == null ? "" : " neuron " + n.neuron()) + (n.phase() == null ? "" : " phase " + n.phase())
                + (n.paramKey() == null ? "" : " paramKey " + n.paramKey());
    }

    static boolean isSnapshot(TensorFile content) {
        return content.attributes().containsKey(MARK);
    }

    /** The parameters and states of a snapshot or parameter file. */
    static Map<String, Array> parameters(TensorFile content) {
        Map<String, Array> own = new LinkedHashMap<>(content.tensors());
        if (isSnapshot(content)) {
            own.keySet().removeIf(n -> n.startsWith(SLOTS) || n.startsWith(LOUNGE));
        }
        return own;
    }

    /**
     * Sets a solver back to what a snapshot holds. Nothing is changed unless all of it fits.
     *
     * @throws ConfigurationException if it is of another net, solver, seed or data set
     */
    static void restore(Solver s, Path file, TensorFile content) {
        Map<String, String> a = content.attributes();
        Map<String, Array> slots = below(SLOTS, content.tensors());
        List<String> wrong = new ArrayList<>();
        if (!VERSION.equals(a.get(MARK))) {
            wrong.add("snapshot version " + a.get(MARK) + " there, " + VERSION + " here");
        }
        compare("", s.parameters(), parameters(content), wrong);
        compare("solver state ", s.slots(), slots, wrong);
        differ("seed", Long.toString(s.subject().seed()), a.get("seed"), wrong);
        List<Position> positions = new ArrayList<>();
        for (DataInput d : s.subject().data()) {
            differ("samples of data layer " + d.layer(), size(d), a.get(SIZE + d.layer()), wrong);
            positions.add(position(d, a.get(POSITION + d.layer()), wrong));
        }
        long iteration = number(file, a, "iteration");
        long batches = number(file, a, "batches");
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(file + " is a snapshot of another net or run than " + s.subject().name()
                    + ":\n  " + String.join("\n  ", wrong) + "\nName another folder or snapshot, or take its parameters"
                    + " only with loadSolverState: false");
        }
        Set<String> frozen = frozen(s, a.get(FROZEN));
        takeBack(s, content);
        s.lounge().clear();
        below(LOUNGE, content.tensors()).forEach(s.lounge()::restore);
        s.restore(iteration, batches, positions, frozen);
    }

    /** The frozen layers of a snapshot; those of the configuration where it is older than freezing. */
    private static Set<String> frozen(Solver s, String text) {
        Set<String> there = text == null ? s.frozen() : text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.split(" ")));
        if (!there.equals(s.frozen())) {
            s.listener().line("Frozen layers are those of the snapshot, " + there + ", not " + s.frozen());
        }
        return there;
    }

    /** Gives a solver the parameters and the state of its update rule from an earlier snapshot of its run. */
    static void takeBack(Solver s, TensorFile content) {
        write(parameters(content), s.parameters());
        write(below(SLOTS, content.tensors()), s.slots());
    }

    /** What the breaks of the run had recorded. */
    static Lounge lounge(TensorFile content) {
        Lounge lounge = new Lounge();
        below(LOUNGE, content.tensors()).forEach(lounge::restore);
        return lounge;
    }

    private static void write(Map<String, Array> from, Tensors to) {
        from.forEach(to::write);
    }

    private static Map<String, Array> below(String prefix, Map<String, Array> tensors) {
        Map<String, Array> found = new LinkedHashMap<>();
        tensors.forEach((n, t) -> {
            if (n.startsWith(prefix)) {
                found.put(n.substring(prefix.length()), t);
            }
        });
        return found;
    }

    private static void compare(String what, Tensors here, Map<String, Array> there, List<String> wrong) {
        Set<String> names = new LinkedHashSet<>(here.names());
        names.addAll(there.keySet());
        for (String n : names) {
            Spec own = here.names().contains(n) ? here.spec(n) : null;
            Spec other = there.containsKey(n) ? there.get(n).spec() : null;
            differ(what + n, own == null ? null : own.toString(), other == null ? null : other.toString(), wrong);
        }
    }

    private static void differ(String what, String here, String there, List<String> wrong) {
        if (here == null || !here.equals(there)) {
            wrong.add(what + ": " + (here == null ? "none" : here) + " here, " + (there == null ? "none" : there)
                    + " in the snapshot");
        }
    }

    private static Position position(DataInput d, String text, List<String> wrong) {
        if (text == null || !text.matches("\\d{1,18} \\d{1,18}")) {
            wrong.add("position of data layer " + d.layer() + ": " + text + " in the snapshot");
            return Position.START;
        }
        int space = text.indexOf(' ');
        return new Position(Long.parseLong(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }

    private static long number(Path file, Map<String, String> attributes, String name) {
        String text = attributes.get(name);
        if (text == null || !text.matches("\\d{1,18}")) {
            throw new DataException(file + ": attribute " + name + " is " + text + "; expected: a whole number");
        }
        return Long.parseLong(text);
    }
}
