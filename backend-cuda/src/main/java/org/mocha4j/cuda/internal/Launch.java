package org.mocha4j.cuda.internal;

import org.mocha4j.cuda.internal.driver.Arguments;

/**
 * Runs a kernel.
 *
 * @param source what the kernel is in
 * @param kernel its name there
 */
public record Launch(Source source, String kernel, long blocks, int threads, Arguments arguments) implements Command {
    /** Threads of a block where nothing else is asked for. */
    public static final int THREADS = 256;
    /** Each thread takes more than one element beyond this. */
    private static final long MOST_BLOCKS = 1 << 16;

    /** One thread for each of n elements, or fewer where there are many. */
    public static Launch each(Source source, String kernel, long n, Arguments a) {
        long blocks = Math.max(1, Math.min(MOST_BLOCKS, (n + THREADS - 1) / THREADS));
        return new Launch(source, kernel, blocks, THREADS, a);
    }

    /** One block of 256 threads for each of n results. */
    public static Launch blocks(Source source, String kernel, long n, Arguments a) {
        return new Launch(source, kernel, n, THREADS, a);
    }

    @Override
    public void prepare(Queue q) {
        q.kernels().function(source, kernel);
    }

    @Override
    public void issue(Queue q) {
        q.driver().launch(q.kernels().function(source, kernel), blocks, threads, arguments, q.stream());
    }
}
