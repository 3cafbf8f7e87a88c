package org.mocha4j.suite.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The oracle values are complete, small, unchanged, and the inputs generated here are those PyTorch was given. */
class OracleFileTest {
    private static final Set<String> KINDS = Set.of("convolution", "max_pooling", "mean_pooling", "softmax_loss",
        "softmax_loss_weighted", "inner_product", "batch_norm", "batch_norm_test", "dropout", "sgd", "adam", "lrn",
        "argmax", "channel_pooling", "crop", "element_wise", "power", "reshape", "multinomial_logistic_loss",
        "inner_product_axis", "tied_inner_product", "random_mask", "index2onehot", "square_loss", "hinge_loss",
        "binary_cross_entropy_loss", "gaussian_kl_loss", "softlabel_softmax_loss", "binary_accuracy",
        "wasserstein_loss",
        "nesterov", "adagrad", "adadelta", "rmsprop", "solver_net");

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = OracleFile.open(name)) {
            return in.readAllBytes();
        }
    }

    private static List<String[]> manifest(String word) throws IOException {
        return new String(bytes("manifest.txt"), StandardCharsets.US_ASCII).lines()
            .filter(line -> line.startsWith(word + " ")).map(line -> line.split(" ")).toList();
    }

    @Test
    void everyKindHasFiftyCasesAndIsWhatTheScriptWrote() throws Exception {
        List<String[]> kinds = manifest("kind");
        assertEquals(KINDS, kinds.stream().map(line -> line[1]).collect(Collectors.toSet()));
        for (String[] line : kinds) {
            List<OracleFile.Case> cases = OracleFile.read(line[1]);
            assertTrue(cases.size() >= 50, line[1]);
            assertEquals(Integer.parseInt(line[2]), cases.size(), line[1]);
            assertEquals(Integer.parseInt(line[3]), cases.stream().flatMap(c -> c.expected().values().stream())
                .mapToInt(t -> t.data().length).sum(), line[1]);
            assertEquals(cases.size(), cases.stream().map(c -> c.config() + inputsOf(c)).distinct().count(),
                line[1] + ": no case twice");
            try (InputStream in = new GZIPInputStream(OracleFile.open(line[1] + ".txt.gz"))) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                assertEquals(line[4], HexFormat.of().formatHex(digest), line[1]);
            }
        }
    }

    private static String inputsOf(OracleFile.Case c) {
        return c.inputs().values().stream()
            .map(t -> Arrays.toString(t.shape()) + Arrays.hashCode(t.data())).collect(Collectors.joining(","));
    }

    @Test
    void valuesAndScriptStayUnderOneMebibyte() throws IOException {
        long total = bytes("manifest.txt").length + bytes("README.md").length;
        for (String kind : KINDS) {
            total += bytes(kind + ".txt.gz").length;
        }
        for (String script : List.of("oracle.py", "oracle_case.py", "oracle_layers.py")) {
            total += Files.size(Path.of(System.getProperty("basedir", ""), "src/test/python", script));
        }
        assertTrue(total < 1 << 20, total + " bytes");
    }

    @Test
    void theGeneratorGivesTheReferenceValues() throws IOException {
        List<String[]> references = manifest("reference");
        assertEquals(9, references.size());
        for (String[] line : references) {
            double u = OracleFile.uniform(OracleFile.key(line[1]), Long.parseLong(line[2]));
            assertEquals(Double.parseDouble(line[3]), u);
        }
    }

    @Test
    void fillsFollowTheirFormula() {
        double u = OracleFile.uniform(5, 0);
        assertArrayEquals(new double[] {3 * (2 * u - 1) + 7}, OracleFile.fill("value:3:7", 5, 1));
        assertArrayEquals(new double[] {Math.floor(4 * u) / 4}, OracleFile.fill("grid:4", 5, 1));
        assertArrayEquals(new double[] {Math.floor(4 * u)}, OracleFile.fill("labels:4", 5, 1));
        double[] relu = OracleFile.fill("relu", 5, 1000);
        double[] value = OracleFile.fill("value:1:0", 5, 1000);
        for (int i = 0; i < relu.length; i++) {
            assertEquals(value[i] > 0 ? value[i] : 0.0, relu[i]);
        }
        assertEquals("unknown fill [normal]",
            assertThrows(IllegalArgumentException.class, () -> OracleFile.fill("normal", 5, 1)).getMessage());
    }

    /** y = x wᵀ + b by hand: holds only if both sides generate the same inputs. */
    @Test
    void innerProductsOfGeneratedInputsAreThoseOfPyTorch() throws IOException {
        for (OracleFile.Case c : OracleFile.read("inner_product")) {
            int rows = c.input("x").shape()[0];
            int[] weights = c.input("w").shape();
            double[] y = new double[rows * weights[0]];
            for (int n = 0; n < rows; n++) {
                for (int o = 0; o < weights[0]; o++) {
                    double sum = c.flag("bias") ? c.input("b").data()[o] : 0;
                    for (int k = 0; k < weights[1]; k++) {
                        sum += c.input("x").data()[n * weights[1] + k] * c.input("w").data()[o * weights[1] + k];
                    }
                    y[n * weights[0] + o] = sum;
                }
            }
            assertArrayEquals(c.expect("y").data(), y, 1e-13, c.toString());
        }
    }

    @Test
    void configurationsCoverWhatIsHard() throws IOException {
        assertTwenty("convolution", c -> c.integer("groups") > 1);
        assertTwenty("convolution", c -> c.integer("dilationW") > 1 || c.integer("dilationH") > 1);
        assertTwenty("convolution", c -> c.integer("strideW") != c.integer("strideH"));
        assertTwenty("convolution", c -> c.integer("kernelW") != c.integer("kernelH"));
        assertTwenty("convolution", c -> c.integer("padW") != c.integer("padH"));
        for (String divisor : List.of("kernel", "padded", "valid")) {
            assertTwenty("mean_pooling", c -> c.text("divisor").equals(divisor));
        }
        for (OracleFile.Case c : OracleFile.read("max_pooling")) {
            double upstream = Arrays.stream(c.input("dy").data()).sum();
            assertEquals(upstream, Arrays.stream(c.expect("dx").data()).sum(), 1e-12, c + ": each dy goes to one x");
        }
    }

    private static void assertTwenty(String kind, Predicate<OracleFile.Case> condition) throws IOException {
        long count = OracleFile.read(kind).stream().filter(condition).count();
        assertTrue(count >= 20, kind + ": " + count);
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        OracleFile.Case c = OracleFile.read("dropout").get(0);
        assertEquals("dropout/0 " + c.config() + " has no [rate]; it has [ratio]",
            assertThrows(NoSuchElementException.class, () -> c.real("rate")).getMessage());
    }
}
