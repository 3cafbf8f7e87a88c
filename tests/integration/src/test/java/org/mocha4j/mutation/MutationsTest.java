package org.mocha4j.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.docs.TestIndex;
import org.mocha4j.integration.Distribution;

/** The list of mutations fits the sources, so that {@code tooling/mutations} can run it at any time. */
class MutationsTest {
    private static List<Mutation> all() throws Exception {
        Path list = Distribution.ROOT.resolve("tooling/mutations.txt");
        return Mutation.read(list);
    }

    @Test void everyEditHasItsPlaceAndItsTest() throws Exception {
        TestIndex tests = TestIndex.read();
        List<String> problems = new ArrayList<>();
        for (Mutation m : all()) {
            try {
                m.mutated(Distribution.ROOT);
            } catch (IllegalStateException e) {
                problems.add(e.getMessage());
            }
            String test = tests.problem(m.test());
            if (!test.isEmpty()) {
                problems.add(m.rule() + ": " + test);
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    @Test void everyRuleAndEveryEditStandsOnce() throws Exception {
        List<String> rules = all().stream().map(Mutation::rule).toList();
        assertEquals(rules.stream().distinct().toList(), rules);
        List<List<Object>> edits = all().stream().map(m -> List.<Object>of(m.file(), m.old(), m.by())).toList();
        assertEquals(edits.stream().distinct().toList(), edits);
        assertTrue(rules.size() > 100, () -> rules.size() + " rules");
    }
}
