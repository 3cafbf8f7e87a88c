package org.mocha4j.runtime.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.train.Imported.Origin;

/** The rules of SEMANTICS under Import, and what a person reads where they are broken. */
class ParameterFileTest {
    @TempDir
    Path dir;
    private final Fakes.PlainFormat format = new Fakes.PlainFormat();
    private final Catalog catalog = Fakes.catalog(format);
    private final Fakes.Lines lines = new Fakes.Lines();
    private final Fakes.Store net = new Fakes.Store().with("a___filter", Array.of(Shape.of(2, 1, 1, 1), 1f, 2f))
            .with("a___bias", Array.of(Shape.of(2), 3f, 4f)).with("b___weight", Array.of(Shape.of(1, 3), 1f, 2f, 3f))
            .with("c___weight", Array.of(Shape.of(1), 1f));

    private Path file(Map<String, Array> tensors) throws IOException {
        Path file = dir.resolve("p.h5");
        Files.deleteIfExists(file);
        format.write(file, new TensorFile(tensors, Map.of()));
        return file;
    }

    private void load(Path file) {
        ParameterFile.load(file, catalog, net, lines::line);
    }

    private static String message(Class<? extends MochaException> type, org.junit.jupiter.api.function.Executable e) {
        return assertThrows(type, e).getMessage();
    }

    @Test
    void shapesAreComparedWithoutLeadingAndTrailingOnesAndABiasMayBeMissing() throws IOException {
        Path file = file(Map.of("a___filter", Array.of(Shape.of(1, 2), 8f, 9f), "b___weight",
                Array.of(Shape.of(1, 1, 3, 1), 1.0, 2.0, 4.0), "c___weight", Array.of(Shape.SCALAR, 5f)));
        load(file);
        assertEquals(Array.of(Shape.of(2, 1, 1, 1), 8f, 9f), net.read("a___filter"));
        assertEquals(Array.of(Shape.of(1, 3), 1f, 2f, 4f), net.read("b___weight"));
        assertEquals(Array.of(Shape.of(1), 5f), net.read("c___weight"));
        assertEquals(Array.filled(net.spec("a___bias"), Fakes.Store.INITIAL), net.read("a___bias"));
        assertEquals(List.of(file + " has no a___bias; the initializer's values are used"), lines.lines);
    }

    @Test
    void onesWithinAShapeCount() throws IOException {
        Fakes.Store own = new Fakes.Store().with("a___filter", Array.of(Shape.of(2, 1, 2), 1f, 2f, 3f, 4f));
        Path file = file(Map.of("a___filter", Array.of(Shape.of(2, 2), 1f, 2f, 3f, 4f)));
        assertEquals(file + """
                 does not have the parameters of the net:
                  layer [a]: filter is [2, 2] in the file, [2, 1, 2] in the net
                It has: a___filter""", message(ConfigurationException.class,
                () -> ParameterFile.load(file, catalog, own, lines::line)));
    }

    @Test
    void aMissingWeightAndOtherShapesAreErrorsThatChangeNothing() throws IOException {
        Map<String, Array> before = new LinkedHashMap<>(net.map);
        Path file = file(Map.of("b___weight", Array.of(Shape.of(2), 1f, 2f)));
        assertEquals(file + """
                 does not have the parameters of the net:
                  layer [a]: filter [2, 1, 1, 1] is missing
                  layer [b]: weight is [2] in the file, [1, 3] in the net
                  layer [c]: weight [1] is missing
                It has: b___weight
                What is missing can start with its initializer where that is allowed: by allowMissing of the \
                break Snapshot, or by --allow-missing of mocha import""",
                message(ConfigurationException.class, () -> load(file)));
        assertEquals(before, net.map);
    }

    @Test
    void whatIsMissingStartsWithItsInitializerIfToldSo() throws IOException {
        Path file = file(Map.of("b___weight", Array.of(Shape.of(3), 1f, 2f, 4f)));
        Imported done = ParameterFile.read(file, catalog, lines::line).into(net, true);
        assertEquals(List.of(Origin.INITIALIZER, Origin.INITIALIZER, Origin.FILE, Origin.INITIALIZER),
                done.entries().stream().map(Imported.Entry::origin).toList());
        assertEquals(Array.filled(net.spec("a___filter"), Fakes.Store.INITIAL), net.read("a___filter"));
        assertEquals(Array.of(Shape.of(1, 3), 1f, 2f, 4f), net.read("b___weight"));
        assertEquals(List.of(file + " has no a___filter, a___bias, c___weight; the initializer's values are used"),
                done.warnings());
        assertEquals("c weight", done.entries().get(3).layer() + " " + done.entries().get(3).parameter());
    }

    @Test
    void otherShapesAreAnErrorEvenIfMissingWeightsAreAllowed() throws IOException {
        Path file = file(Map.of("c___weight", Array.of(Shape.of(2), 1f, 2f)));
        assertEquals(file + """
                 does not have the parameters of the net:
                  layer [c]: weight is [2] in the file, [1] in the net
                It has: c___weight""", message(ConfigurationException.class,
                () -> ParameterFile.read(file, catalog, lines::line).into(net, true)));
    }

    @Test
    void whatTheNetDoesNotHaveIsListed() throws IOException {
        Map<String, Array> tensors = new LinkedHashMap<>(net.map);
        tensors.put("fc8___weight", Array.of(Shape.of(1), 1f));
        tensors.put("notes", Array.of(Shape.of(1), 1f));
        Path file = file(tensors);
        Imported done = ParameterFile.load(file, catalog, net, lines::line);
        assertEquals(List.of("fc8___weight", "notes"), done.ignored());
        assertEquals(List.of(file + " also has fc8___weight, notes, which the net has no use for"), lines.lines);
    }

    @Test
    void filesWithoutParametersAreRefused() throws IOException {
        Path file = file(Map.of("mean", Array.of(Shape.of(1), 1f)));
        String expected = file + " is no parameter file: it has no data set named layer___param, such as"
                + " conv1___filter; it has ";
        assertEquals(expected + "mean", message(DataException.class, () -> load(file)));
        file(Map.of());
        assertEquals(expected + "none", message(DataException.class, () -> load(file)));
        file(Map.of("data/conv1/0", Array.of(Shape.of(1), 1f)));
        assertEquals(expected + "data/conv1/0. It is a snapshot of Caffe's; the program dump_network_hdf5 makes a"
                + " parameter file of it", message(DataException.class, () -> load(file)));
        Files.write(file, new byte[] {10, 5, 'L', 'e', 'N', 'e', 't'});
        assertEquals(file + " has no known format: it has the first bytes 0a 05 4c 65 4e 65 74; there are: hdf5",
                message(DataException.class, () -> load(file)));
        for (byte[] layer : List.of(new byte[] {0x12, 9, 0}, new byte[] {(byte) 0xa2, 6, 9, 0})) {
            byte[] model = ByteBuffer.allocate(7 + layer.length).put(new byte[] {10, 5, 'L', 'e', 'N', 'e', 't'})
                    .put(layer).array();
            Files.write(file, model);
            String found = message(DataException.class, () -> load(file));
            assertEquals(file + " has no known format: it has the first bytes 0a 05 4c 65 4e 65 74 X; there are: hdf5. "
                    + "It "
                    + "is a .caffemodel by its content; the program dump_network_hdf5 makes a parameter file of it",
                    found.replaceFirst("74 (12|a2);", "74 X;"));
        }
        assertEquals(dir.resolve("none") + " does not exist",
                message(ConfigurationException.class, () -> load(dir.resolve("none"))));
        assertEquals(dir + " has no snapshots; expected: files such as snapshot-000123.h5",
                message(ConfigurationException.class, () -> load(dir)));
    }

    @Test
    void whatIsWrittenIsAFlatFileThatIsReadBackAsItWas() throws IOException {
        Map<String, Array> before = new LinkedHashMap<>(net.map);
        Path file = dir.resolve("out.h5");
        ParameterFile.write(file, net, catalog);
        assertEquals(before, format.read(file).tensors());
        net.names().forEach(net::initialize);
        load(file);
        assertEquals(before, net.map);
        assertEquals(List.of(), lines.lines);
    }

    @Test
    void aFileThatCannotBeWrittenIsNotLeftBehind() {
        format.failAfterBytes = 10;
        Path file = dir.resolve("out.h5");
        assertEquals("cannot write the parameters to " + file + ": No space left on device",
                message(DataException.class, () -> ParameterFile.write(file, net, catalog)));
        assertFalse(Files.exists(file));
    }
}
