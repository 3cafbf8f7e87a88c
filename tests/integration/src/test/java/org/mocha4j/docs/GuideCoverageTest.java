package org.mocha4j.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mocha4j.docs.Guide.Row;
import org.mocha4j.launcher.command.Host;
import org.mocha4j.launcher.command.Mocha;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.PluginSource;

/** Everything in the original guide is here: docs/guide-coverage.md lists it, and every cell is checked. */
class GuideCoverageTest {
    private static final List<LoadedPlugin> PLUGINS = PluginLoader.load(GuideCoverageTest.class.getClassLoader());
    private static final Catalog CATALOG = Catalog.of(PLUGINS);
    private static final String FILES = "org.mocha4j.runtime.";

    private static List<String> problems(Row r, TestIndex tests) {
        List<String> problems = new ArrayList<>();
        if (Stream.of(r.name(), r.standard(), r.type(), r.field(), r.test()).anyMatch(String::isEmpty)) {
            problems.add("a cell is empty");
        }
        String wrong = tests.problem(r.test());
        if (!wrong.isEmpty()) {
            problems.add(wrong);
        }
        try {
            String ours = ours(r);
            boolean same = r.isClass() || r.translated().equals(ours);
            if (!same && r.remark().isEmpty()) {
                problems.add("the guide's default is " + r.standard() + ", ours " + ours
                    + "; say why, or make them equal");
            }
            if (same && !r.isClass() && !r.remark().isEmpty() && !ours.equals("-")) {
                problems.add("the defaults are equal, but there is a reason why not: " + r.remark());
            }
        } catch (ReflectiveOperationException | RuntimeException | AssertionError e) {
            problems.add(e.toString());
        }
        return problems.stream().map(p -> r.name() + ": " + p).toList();
    }

    /** Our default, after looking whether type and field are there; {@code -} where there can be none. */
    private static String ours(Row r) throws ReflectiveOperationException {
        String kind = r.type().substring(0, Math.max(0, r.type().lastIndexOf(' ')));
        String name = r.type().substring(kind.length()).strip();
        return switch (kind) {
            case "command" -> command(name, r);
            case "variable" -> variable(name);
            case "class" -> method(Class.forName(name), r);
            case "record" -> standard(FilePage.examples(CATALOG).stream().filter(e -> e.getClass().getName()
                .equals(FILES + name)).findFirst().orElseThrow(() -> new AssertionError("no record " + FILES + name)),
                r);
            default -> {
                Kind role = Arrays.stream(Kind.values()).filter(k -> k.word().equals(kind)).findFirst()
                    .orElseThrow(() -> new AssertionError("no role [" + kind + "]"));
                yield standard(Kind.own(new TypePage(role, CATALOG.type(role.role, name), CATALOG).bound()), r);
            }
        };
    }

    private static String standard(Record example, Row r) {
        if (r.isClass()) {
            return "-";
        }
        String[] path = r.field().split("\\.", 2);
        Field f = Field.of(example, CATALOG).stream().filter(x -> x.name().equals(path[0])).findFirst()
            .orElseThrow(() -> new AssertionError(example.getClass().getName() + " has no field [" + path[0] + "]"));
        return f.shown().startsWith("`") ? Flow.part(f.standard(), path.length > 1 ? path[1] : "") : f.standard();
    }

    private static String method(Class<?> c, Row r) {
        if (!r.isClass() && Arrays.stream(c.getMethods()).map(Method::getName).noneMatch(r.field()::equals)) {
            throw new AssertionError(c + " has no public method [" + r.field() + "]");
        }
        return "-";
    }

    private static String command(String name, Row r) {
        StringWriter out = new StringWriter();
        PrintWriter print = new PrintWriter(out, true);
        int code = new Mocha(new Host(PluginSource.of(PLUGINS), Map.of(), print, print, Map.of())).run(name, "--help");
        assertEquals(0, code, out::toString);
        assertTrue(r.isClass() || out.toString().contains(r.field()), () -> r.field() + " is not in\n" + out);
        return "-";
    }

    /** {@code mocha doctor} lists the variables that are honoured. */
    private static String variable(String name) {
        StringWriter out = new StringWriter();
        PrintWriter print = new PrintWriter(out, true);
        new Mocha(new Host(PluginSource.of(PLUGINS), Map.of(), print, print, Map.of())).run("doctor");
        assertTrue(out.toString().contains(name), () -> name + " is not in\n" + out);
        return "-";
    }

    private static String shown(String value) {
        return value.equals("-") ? "—" : "`" + value + "`";
    }

    @Test void everyRowHoldsAndHasATest() throws Exception {
        TestIndex tests = TestIndex.read();
        List<String> problems = new ArrayList<>();
        Guide.rows().forEach(r -> problems.addAll(problems(r, tests)));
        assertEquals("", String.join("\n", problems));
    }

    @Test void thePageIsWhatTheListGives() throws Exception {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("the guide's", "its default", "here", "field",
            "our default", "why another", "test")));
        int equal = 0;
        for (Row r : Guide.rows()) {
            String ours = ours(r);
            boolean same = r.remark().isEmpty() && !ours.equals("-");
            String bold = r.name().contains(".") && !r.isClass() ? "" : "**";
            rows.add(List.of(bold + "`" + r.name() + "`" + bold, shown(r.standard()), r.type(),
                r.isClass() ? "the type" : "`" + r.field() + "`", shown(ours),
                same ? "equal" : r.remark().isEmpty() ? "—" : r.remark(), "`" + r.test() + "`"));
            equal += same ? 1 : 0;
        }
        rows.forEach(row -> assertTrue(row.stream().noneMatch(String::isBlank), row::toString));
        Committed.page("docs/guide-coverage.md", """
            <!-- Generated by tooling/docs from tests/integration/src/test/resources/org/mocha4j/docs/guide.txt. -->
            # What the original guide has, and where it is here

            Every class and every attribute of Mocha's early documentation (v0.0.3) with its default, the type and field
            that take its place, our default as the record has it, and a test that covers it. `GuideCoverageTest` checks
            that types, fields and tests exist and that defaults which are said to be equal are. Of %d classes and
            attributes, %d have a default that is equal; the others say why not, or have none in the guide.

            """.formatted(rows.size() - 1, equal) + Markdown.table(rows));
    }
}
