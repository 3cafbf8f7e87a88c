package org.mocha4j.hdf5;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.mocha4j.api.DataException;

/**
 * Decompressed rows of a stream, all its files and data sets together: at most so many bytes, the least recently used
 * go first. What will be needed soon can be asked for; it is then loaded by other threads. Used by one thread.
 */
final class ChunkCache implements AutoCloseable {
    private static final int MOST_THREADS = 4;
    private static final long PATIENCE_SECONDS = 60;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final long limit;
    private final int threads;
    private ExecutorService workers;
    private long bytes;
    private long ahead;

    /** What is cached: bands of consecutive rows. Loading may happen in several threads at once. */
    interface Bands {
        ByteBuffer load(long band);

        long bytes(long band);
    }

    private record Key(Bands bands, long band) { }

    private static final class Entry {
        final FutureTask<ByteBuffer> task;
        final long bytes;
        boolean ahead;

        Entry(Key key) {
            task = new FutureTask<>(() -> key.bands.load(key.band));
            bytes = key.bands.bytes(key.band);
        }
    }

    /**
     * @param limit   in bytes; a band that is larger is kept alone
     * @param threads that load what is asked for; 0: nothing is loaded before it is used
     */
    ChunkCache(long limit, int threads) {
        this.limit = limit;
        this.threads = threads;
    }

    /** For a stream: a quarter of the largest heap. */
    static ChunkCache forStream() {
        return new ChunkCache(Runtime.getRuntime().maxMemory() / 4,
                Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
    }

    /** For a file that is read once. */
    static ChunkCache forFile() {
        return new ChunkCache(Runtime.getRuntime().maxMemory() / 4, 0);
    }

    /** The most bytes that a band should have. */
    long share() {
        return limit / 4;
    }

    /** In bytes, what is being loaded included. */
    long held() {
        return bytes;
    }

    /** Has a band loaded by another thread, unless it is here or what waits to be used takes half of the memory. */
    void want(Bands bands, long band) {
        Key key = new Key(bands, band);
        if (threads == 0 || entries.containsKey(key)) {
            return;
        }
        long more = bands.bytes(band);
        if (ahead + more > limit / 2) {
            return;
        }
        Entry e = put(key);
        e.ahead = true;
        ahead += e.bytes;
        if (workers == null) {
            workers = Executors.newFixedThreadPool(threads, r -> {
                Thread t = new Thread(r, "mocha-chunks");
                t.setDaemon(true);
                return t;
            });
        }
        workers.execute(e.task);
    }

    /** A band; waits for it where another thread loads it, loads it here where none does. */
    ByteBuffer get(Bands bands, long band) {
        Key key = new Key(bands, band);
        Entry e = entries.get(key);
        if (e == null) {
            e = put(key);
            e.task.run();
        }
        used(e);
        try {
            return e.task.get();
        } catch (ExecutionException x) {
            forget(key);
            if (x.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) x.getCause();
        } catch (CancellationException | InterruptedException x) {
            forget(key);
            if (x instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new DataException("interrupted while chunks were read", x);
        }
    }

    private Entry put(Key key) {
        Entry e = new Entry(key);
        entries.put(key, e);
        bytes += e.bytes;
        Iterator<Entry> eldest = entries.values().iterator();
        while (bytes > limit && entries.size() > 1) {
            Entry old = eldest.next();
            eldest.remove();
            gone(old);
        }
        return e;
    }

    private void used(Entry e) {
        ahead -= e.ahead ? e.bytes : 0;
        e.ahead = false;
    }

    private void gone(Entry e) {
        bytes -= e.bytes;
        used(e);
        e.task.cancel(false);
    }

    private void forget(Key key) {
        Entry e = entries.remove(key);
        if (e != null) {
            gone(e);
        }
    }

    /** Forgets a data set's bands. */
    void drop(Bands bands) {
        entries.entrySet().removeIf(e -> {
            boolean gone = e.getKey().bands() == bands;
            if (gone) {
                gone(e.getValue());
            }
            return gone;
        });
    }

    /** Forgets everything and ends the threads. */
    @Override
    public void close() {
        entries.values().forEach(e -> e.task.cancel(false));
        entries.clear();
        bytes = 0;
        ahead = 0;
        if (workers != null) {
            workers.shutdown();
            try {
                if (!workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new DataException("chunks are still being read after " + PATIENCE_SECONDS + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            workers = null;
        }
    }
}
