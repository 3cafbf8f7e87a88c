package org.mocha4j.launcher.command;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Shape;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Shapes given on the command line in place of data: {@code --shape data=64x1x28x28}. */
final class Shapes {
    record Given(String blob, Shape shape) { }

    @Option(names = "--shape", paramLabel = "BLOB=NxC…", converter = Reader.class,
        description = "The shape of a blob of data, batch first, for example data=64x1x28x28; data files are not "
            + "needed then. Repeatable.")
    List<Given> given = List.of();

    Map<String, Shape> map() {
        Map<String, Shape> map = new LinkedHashMap<>();
        given.forEach(g -> map.put(g.blob(), g.shape()));
        return map;
    }

    static final class Reader implements ITypeConverter<Given> {
        @Override public Given convert(String text) {
            if (!text.matches("[^=]+=[1-9]\\d{0,8}(x[1-9]\\d{0,8})*")) {
                throw new TypeConversionException("expected a blob and its shape such as data=64x1x28x28, found ["
                    + text + "]");
            }
            int equals = text.indexOf('=');
            return new Given(text.substring(0, equals), Shape.of(
                Arrays.stream(text.substring(equals + 1).split("x")).mapToInt(Integer::parseInt).toArray()));
        }
    }
}
