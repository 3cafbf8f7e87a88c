package org.mocha4j.cuda.internal;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mocha4j.api.DataType;
import org.mocha4j.cuda.internal.driver.Arguments;
import org.mocha4j.cuda.internal.driver.ConvolutionShape;
import org.mocha4j.cuda.internal.driver.DeviceInfo;
import org.mocha4j.cuda.internal.driver.Product;

/**
 * Runs the kernels themselves, compiled by g++, on the processor. Products and convolutions are plain loops. What g++ makes
 * of a source is what NVRTC makes of it elsewhere, so the cache of compiled kernels is at work here too.
 */
final class SimulatedDriver extends StandIn {
    static final String COMPILER = "g++";
    private static final Pattern KERNEL = Pattern.compile("\\bKERNEL (\\w+)\\(");
    private final Path folder;
    private final NativeLibrary helper;

    /** @param folder for files that are compiled and loaded */
    SimulatedDriver(Path folder, long capacity) {
        super(capacity, false);
        this.folder = folder;
        helper = NativeLibrary.getInstance(helper(folder).toString());
    }

    /** Whether there is a compiler. */
    static boolean possible() {
        try {
            return new ProcessBuilder(COMPILER, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static synchronized Path helper(Path folder) {
        String text = resource("simulate.cpp");
        Path library = folder.resolve("simulate-" + Integer.toHexString(text.hashCode()) + ".so");
        if (!Files.exists(library)) {
            compiled(folder, text, library, List.of("-O2"));
        }
        return library;
    }

    private static String resource(String name) {
        try (InputStream in = SimulatedDriver.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compiled(Path folder, String text, Path to, List<String> options) {
        try {
            Files.createDirectories(folder);
            Path source = Files.createTempFile(folder, "source", ".cpp");
            Path part = Files.createTempFile(folder, "part", ".so");
            Files.writeString(source, text);
            List<String> command = new ArrayList<>(List.of(COMPILER, "-std=c++17", "-fPIC", "-shared", "-ffp-contract=off",
                    "-Wl,-Bsymbolic"));
            command.addAll(options);
            command.addAll(List.of("-o", part.toString(), source.toString()));
            Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
            String log = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            require(p.waitFor(5, TimeUnit.MINUTES) && p.exitValue() == 0, "g++ on " + source + ":\n" + log);
            Files.delete(source);
            Files.move(part, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of all that is compiled, so that the cache of kernels tells versions of the simulation apart. */
    @Override
    public DeviceInfo info() {
        String own = resource("simulate.h") + resource("simulate_end.h");
        return new DeviceInfo("simulated", 75, super.info().memoryBytes(),
                "simulation " + Integer.toHexString(own.hashCode()));
    }

    @Override
    public byte[] compile(String name, String source, List<String> definitions) {
        calls.add("compile " + name);
        String own = source.substring(source.indexOf("whole_below"));
        boolean together = own.contains("block_sum") || own.contains("__syncthreads");
        StringBuilder kernels = new StringBuilder();
        Matcher m = KERNEL.matcher(source);
        while (m.find()) {
            kernels.append(" X(").append(m.group(1)).append(')');
        }
        List<String> options = new ArrayList<>(List.of("-O1", "-w", "-DTHREADS=16", "-DTOGETHER=" + (together ? 1 : 0)));
        definitions.forEach(d -> options.add("-D" + d));
        try {
            Path library = Files.createTempFile(folder, "code", ".so");
            compiled(folder, resource("simulate.h") + source + "\n#define KERNELS" + kernels + "\n" + resource("simulate_end.h"),
                    library, options);
            byte[] code = Files.readAllBytes(library);
            Files.delete(library);
            return code;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Object load(byte[] code) {
        try {
            Path library = Files.createTempFile(folder, "loaded", ".so");
            Files.write(library, code);
            NativeLibrary n = NativeLibrary.getInstance(library.toString());
            Files.delete(library);
            return n;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void closeModule(long module) {
        NativeLibrary n = (NativeLibrary) object(module);
        super.closeModule(module);
        n.close();
    }

    @Override
    void run(String kernel, Object module, long blocks, int threads, Arguments arguments) {
        NativeLibrary n = (NativeLibrary) module;
        long[] words = arguments.words();
        int expected = n.getFunction("simulate_words").invokeInt(new Object[] {kernel});
        require(expected == words.length, "kernel " + kernel + " has arguments of " + expected + " words, found " + words.length);
        try (Memory m = new Memory(8L * Math.max(1, words.length))) {
            m.write(0, words, 0, words.length);
            n.getFunction("simulate").invokeVoid(new Object[] {kernel, (int) blocks, threads, m,
                helper.getFunction("simulate_barrier"), helper.getFunction("simulate_block")});
        }
    }

    private void call(String name, DataType type, long[] words, long a, long b, long y) {
        Function f = helper.getFunction(name + (type == DataType.FLOAT64 ? "_double" : "_float"));
        try (Memory m = new Memory(8L * words.length)) {
            m.write(0, words, 0, words.length);
            f.invokeVoid(new Object[] {m, a, b, y});
        }
    }

    @Override
    void run(Product p, long a, long b, long y) {
        call("simulate_product", p.type(), new long[] {p.batch(), p.m(), p.n(), p.k(), p.transposeA() ? 1 : 0,
            p.transposeB() ? 1 : 0}, a, b, y);
    }

    @Override
    void run(ConvolutionShape s, Direction d, long first, long second, long result) {
        var w = s.window();
        call("simulate_convolution", s.type(), new long[] {d.ordinal(), s.x().dim(0), s.x().dim(1), s.x().dim(2), s.x().dim(3),
            s.filter().dim(0), s.filter().dim(1), s.filter().dim(2), s.filter().dim(3), s.y().dim(2), s.y().dim(3),
            w.stride().h(), w.stride().w(), w.pad().h(), w.pad().w(), w.dilation().h(), w.dilation().w(), s.groups()},
            first, second, result);
    }
}
