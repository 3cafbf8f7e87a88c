package org.mocha4j.runtime.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 (core schema) and JSON. Tags are refused, so no file can name a class; aliases work as long as what
 * they stand for stays below {@value #MOST_NODES} nodes. Every error is a {@link ConfigurationException} with its line.
 */
public final class Yaml {
    private static final int MOST_NODES = 1_000_000;
    private static final int MOST_CHARACTERS = 16 << 20;
    private static final int DEEPEST = 100;

    private final String source;
    private final Position fixed;
    private final Map<Node, Tree> done = new IdentityHashMap<>();
    private final Map<Tree, Long> sizes = new IdentityHashMap<>();
    private final Map<Node, Boolean> open = new IdentityHashMap<>();

    private Yaml(String source, Position fixed) {
        this.source = source;
        this.fixed = fixed;
    }

    /** Reads a file; messages name it as it is named here. */
    public static Tree read(Path file) {
        try {
            if (Files.size(file) > 4L * MOST_CHARACTERS) {       // before it is read
                throw error(Position.of(file.toString()), "has " + Files.size(file) + " bytes; expected: at most "
                        + MOST_CHARACTERS + " characters", null);
            }
            String text = Files.readString(file);
            boolean json = file.toString().endsWith(".json");
            return parse(file.toString(), json ? text.replace('\t', ' ') : text);   // in JSON a tab can only be a space
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + " is not a text in UTF-8; expected: YAML or JSON", e);
        } catch (IOException e) {
            throw new ConfigurationException(Files.exists(file) ? file + " cannot be read: " + e.getMessage()
                    : file + " does not exist", e);
        }
    }

    /** Reads a text; {@code source} stands for the file in messages. */
    public static Tree parse(String source, String text) {
        return new Yaml(source, null).tree(text);
    }

    /** Reads a text that stands in one place as a whole, such as an option's value. */
    static Tree value(Position at, String text) {
        return new Yaml(at.source(), at).tree(text);
    }

    private Tree tree(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw error(Position.of(source), "has more than " + MOST_CHARACTERS + " characters", null);
        }
        LoadSettings settings = LoadSettings.builder().setLabel(source).setSchema(new CoreSchema())
                .setAllowNonScalarKeys(true).setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(Integer.MAX_VALUE).build();                 // see MOST_NODES
        try {
            checkDepth(settings, text);
            Optional<Node> root = new Composer(settings, parser(settings, text)).getSingleNode();
            if (root.isEmpty()) {
                return new Tree.Scalar(fixed == null ? new Position(source, 1, 1) : fixed, Tree.Kind.NULL, "");
            }
            return convert(root.get());
        } catch (MarkedYamlEngineException e) {
            throw error(position(e.getProblemMark().or(e::getContextMark)), "not YAML: " + e.getProblem()
                    + (e.getContext() == null || e.getContext().isEmpty() ? "" : " (" + e.getContext() + ")"), e);
        } catch (YamlEngineException e) {
            throw error(Position.of(source), "not YAML: " + e.getMessage(), e);
        }
    }

    private static ParserImpl parser(LoadSettings settings, String text) {
        return new ParserImpl(settings, new StreamReader(settings, text));
    }

    /** Before anything recurses. */
    private void checkDepth(LoadSettings settings, String text) {
        int depth = 0;
        for (ParserImpl events = parser(settings, text); events.hasNext();) {
            Event event = events.next();
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                throw error(position(event.getStartMark()), "nested more than " + DEEPEST + " deep", null);
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private Tree convert(Node node) {
        Tree known = done.get(node);
        if (known != null) {
            return known;
        }
        Position at = position(node.getStartMark());
        if (open.put(node, true) != null) {
            throw error(at, "an alias stands within what it stands for", null);
        }
        Tree tree = node instanceof ScalarNode s ? scalar(s, at)
                : node instanceof SequenceNode s ? sequence(s, at) : mapping((MappingNode) node, at);
        open.remove(node);
        done.put(node, tree);
        return tree;
    }

    private Tree scalar(ScalarNode node, Position at) {
        Tag tag = node.getTag();
        Tree.Kind kind = tag.equals(Tag.NULL) ? Tree.Kind.NULL : tag.equals(Tag.BOOL) ? Tree.Kind.BOOLEAN
                : tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Tree.Kind.NUMBER
                : node.isPlain() ? Tree.Kind.TEXT : Tree.Kind.QUOTED;
        boolean text = kind == Tree.Kind.TEXT || kind == Tree.Kind.QUOTED;
        if (text ? !tag.equals(Tag.STR) : !node.isPlain()) {
            throw tagged(at, tag);
        }
        return new Tree.Scalar(at, kind, node.getValue());
    }

    private Tree sequence(SequenceNode node, Position at) {
        if (!node.getTag().equals(Tag.SEQ)) {
            throw tagged(at, node.getTag());
        }
        List<Tree> items = new ArrayList<>();
        long size = 1;
        for (Node item : node.getValue()) {
            Tree tree = convert(item);
            items.add(tree);
            size = grown(size, tree, at);
        }
        return sized(new Tree.Sequence(at, items), size);
    }

    private Tree mapping(MappingNode node, Position at) {
        if (!node.getTag().equals(Tag.MAP)) {
            throw tagged(at, node.getTag());
        }
        Map<String, Tree> fields = new LinkedHashMap<>();
        Map<String, Position> keys = new LinkedHashMap<>();
        long size = 1;
        for (NodeTuple pair : node.getValue()) {
            Position keyAt = position(pair.getKeyNode().getStartMark());
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                throw error(keyAt, "a key is a map or a list; expected: a name", null);
            }
            Position before = keys.put(key.getValue(), keyAt);
            if (before != null) {
                throw error(keyAt, "[" + key.getValue() + "] stands twice in one map, first at " + before, null);
            }
            Tree tree = convert(pair.getValueNode());
            fields.put(key.getValue(), tree);
            size = grown(size, tree, keyAt);
        }
        return sized(new Tree.Mapping(at, fields, keys), size);
    }

    private Tree sized(Tree tree, long size) {
        sizes.put(tree, size);
        return tree;
    }

    private long grown(long size, Tree part, Position at) {
        long sum = size + sizes.getOrDefault(part, 1L);
        if (sum > MOST_NODES) {
            throw error(at, "its aliases stand for more than " + MOST_NODES + " values", null);
        }
        return sum;
    }

    private Position position(Optional<Mark> mark) {
        return fixed != null ? fixed : mark.map(m -> new Position(source, m.getLine() + 1, m.getColumn() + 1))
                .orElse(Position.of(source));
    }

    private static ConfigurationException tagged(Position at, Tag tag) {
        return error(at, "the tag [" + tag.getValue() + "] is not allowed; write plain maps, lists, texts and numbers",
                null);
    }

    private static ConfigurationException error(Position at, String text, Throwable cause) {
        return new ConfigurationException(at + ": " + text, cause);
    }
}
