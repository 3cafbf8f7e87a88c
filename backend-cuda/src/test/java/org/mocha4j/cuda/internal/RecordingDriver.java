package org.mocha4j.cuda.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.cuda.internal.driver.Arguments;
import org.mocha4j.cuda.internal.driver.ConvolutionShape;
import org.mocha4j.cuda.internal.driver.Product;

/** Checks and records, and computes nothing. What it compiles a source to is the source. */
final class RecordingDriver extends StandIn {
    /** What the compiler was given. */
    record Given(String name, String source, List<String> definitions) {
    }

    final List<Given> given = new ArrayList<>();

    RecordingDriver(long capacity) {
        this(capacity, false);
    }

    RecordingDriver(long capacity, boolean early) {
        super(capacity, early);
    }

    /** The calls whose text begins so, since the last time; the record is emptied. */
    List<String> take(String... beginnings) {
        List<String> some = calls.stream().filter(c -> List.of(beginnings).stream().anyMatch(c::startsWith)).toList();
        calls.clear();
        return some;
    }

    @Override
    public byte[] compile(String name, String source, List<String> definitions) {
        calls.add("compile " + name + " " + definitions);
        given.add(new Given(name, source, definitions));
        return source.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    Object load(byte[] code) {
        return new String(code, StandardCharsets.UTF_8);
    }

    @Override
    void run(String kernel, Object module, long blocks, int threads, Arguments arguments) {
    }

    @Override
    void run(Product p, long a, long b, long y) {
    }

    @Override
    void run(ConvolutionShape s, Direction d, long first, long second, long result) {
    }
}
