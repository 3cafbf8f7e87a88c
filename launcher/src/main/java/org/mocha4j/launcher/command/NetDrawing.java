package org.mocha4j.launcher.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LayerRole;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.Node;

/** A net as text in GraphViz's language. A blob that layers change in place is drawn anew each time. */
final class NetDrawing {
    /** What a layer is drawn as: the role that it has, and whether it learns. */
    private enum Kind {
        DATA("data", "#d5e8d4"), LEARNS("learns parameters", "#dae8fc"), COMPUTES("computes", "#f2f2f2"),
        LOSS("loss", "#f8cecc"), STATISTIC("statistic", "#ffe6cc"), SINK("output", "#e1d5e7");

        private final String text;
        private final String colour;

        Kind(String text, String colour) {
            this.text = text;
            this.colour = colour;
        }

        static Kind of(LayerRole role, long parameters) {
            return switch (role) {
                case DATA -> DATA;
                case LOSS -> LOSS;
                case STATISTIC -> STATISTIC;
                case SINK -> SINK;
                case COMPUTATION -> parameters > 0 ? LEARNS : COMPUTES;
            };
        }
    }

    private final Catalog catalog;
    private final String name;
    private final Phase phase;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Set<String> drawn = new java.util.HashSet<>();

    NetDrawing(Catalog catalog, String name, Phase phase) {
        this.catalog = catalog;
        this.name = name;
        this.phase = phase;
    }

    /** @param fed the data layers in whose place the net takes shapes */
    String text(Net net, Map<Node, List<Spec>> fed) {
        Map<Node, LayerInfo> built = new HashMap<>();
        net.layers().forEach(l -> built.put(l.node(), l));
        Map<String, List<Node>> sharing = new LinkedHashMap<>();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Node n : net.nodes()) {                             // as written: in-place layers rename from there on
            LayerInfo l = fed.containsKey(n) ? new LayerInfo(n, List.of(), fed.get(n), 0) : built.get(n);
            Kind kind = Kind.of(fed.containsKey(n) ? LayerRole.DATA : net.role(n), l.parameters());
            kinds.add(kind);
            layer(l, kind);
            if (n.paramKey() != null) {
                sharing.computeIfAbsent(n.paramKey(), k -> new ArrayList<>()).add(n);
            }
        }
        sharing.forEach(this::shared);
        return "digraph " + quoted(name) + " {\n  label=" + title(kinds) + "; labelloc=t; fontname=\"Helvetica\";\n"
            + "  node [fontname=\"Helvetica\", fontsize=11];\n  edge [fontname=\"Helvetica\", fontsize=9];\n"
            + lines.stream().map(l -> "  " + l + ";\n").collect(Collectors.joining()) + "}\n";
    }

    private void layer(LayerInfo l, Kind kind) {
        Node n = l.node();
        String box = quoted("layer " + n.name());
        lines.add(box + " [shape=box, style=\"rounded,filled\", fillcolor=\"" + kind.colour + "\", label=\"" + n.name()
            + "\\n" + type(n.layer()) + (n.neuron() == null ? "" : " + " + type(n.neuron()))
            + (l.parameters() == 0 ? "" : "\\n" + Text.number(l.parameters()) + " parameters") + "\"]");
        for (int i = 0; i < n.bottoms().size(); i++) {
            lines.add(blob(n.bottoms().get(i)) + " -> " + box + (versions.containsKey(n.bottoms().get(i)) ? ""
                : shape(l.inputs().get(i))));
        }
        n.bottoms().stream().filter(n.tops()::contains).forEach(b -> versions.putIfAbsent(b, 1));
        List<String> tops = n.tops().isEmpty() && l.outputs().size() == 1 ? List.of(n.name()) : n.tops();
        for (int i = 0; i < tops.size(); i++) {
            versions.merge(tops.get(i), 1, Integer::sum);
            lines.add(box + " -> " + blob(tops.get(i)) + shape(l.outputs().get(i)));
        }
    }

    /** The blob as it stands now; drawn when it is first met. */
    private String blob(String blob) {
        int version = Math.max(1, versions.getOrDefault(blob, 1));
        String id = quoted("blob " + blob + (version == 1 ? "" : " " + version));
        if (drawn.add(id)) {
            lines.add(id + " [shape=ellipse, label=\"" + blob + "\"]");
        }
        return id;
    }

    private static String shape(Spec s) {
        String dims = java.util.Arrays.stream(s.shape().dims()).mapToObj(Integer::toString)
            .collect(Collectors.joining("x"));
        return " [label=\" " + (dims.isEmpty() ? "scalar" : dims) + "\"]";
    }

    private void shared(String key, List<Node> nodes) {
        for (int i = 1; i < nodes.size(); i++) {
            lines.add(quoted("layer " + nodes.get(i - 1).name()) + " -> " + quoted("layer " + nodes.get(i).name())
                + " [style=dashed, dir=none, constraint=false, label=" + quoted(" shares " + key) + "]");
        }
    }

    private String type(Object record) {
        return catalog.origin(record.getClass()).map(e -> e.name()).orElse(record.getClass().getSimpleName());
    }

    private String title(Set<Kind> kinds) {
        return "<<table border=\"0\" cellspacing=\"4\"><tr><td colspan=\"" + kinds.size() + "\">" + html(name)
            + ", phase " + phase.name().toLowerCase(Locale.ROOT) + "</td></tr><tr>" + kinds.stream()
            .map(k -> "<td bgcolor=\"" + k.colour + "\"><font point-size=\"9\">" + k.text + "</font></td>")
            .collect(Collectors.joining()) + "</tr></table>>";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\R", " ") + "\"";
    }

    private static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replaceAll("\\R", " ");
    }
}
