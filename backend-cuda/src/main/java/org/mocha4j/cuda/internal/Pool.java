package org.mocha4j.cuda.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.cuda.internal.driver.Driver;

/** The memory of a device: one block for each request, whose pieces lie at multiples of 256 bytes, within a budget. */
final class Pool {
    private static final long ALIGN = 256;
    private static final int SHOWN = 12;

    /** What one request got. */
    static final class Block {
        private final long address;
        private final long bytes;
        private int pieces;

        private Block(long address, long bytes, int pieces) {
            this.address = address;
            this.bytes = bytes;
            this.pieces = pieces;
        }
    }

    private final Driver driver;
    private final String device;
    private final long limit;
    private final Map<Block, List<Allocation>> live = new LinkedHashMap<>();
    private final Map<Long, Block> reserved = new HashMap<>();
    private long used;

    /** @param limit in bytes, 0 for none */
    Pool(Driver driver, String device, long limit) {
        this.driver = driver;
        this.device = device;
        this.limit = limit;
    }

    /** Bytes that are in use. */
    long used() {
        return used;
    }

    /** @throws DeviceException when memory is short, saying who asked for what and who has what */
    List<Buffer> allocate(List<Allocation> requests, long stream) {
        if (requests.isEmpty()) {
            return List.of();
        }
        long total = 0;
        try {
            for (Allocation a : requests) {
                total = Math.addExact(total, padded(a));
            }
        } catch (ArithmeticException e) {
            throw shortage(requests);
        }
        if (limit > 0 && total > limit - used) {
            throw shortage(requests);
        }
        long address = driver.allocate(total);
        if (address == 0) {
            throw shortage(requests);
        }
        driver.clear(address, total, stream);
        Block block = new Block(address, total, requests.size());
        live.put(block, List.copyOf(requests));
        used += total;
        List<Buffer> buffers = new ArrayList<>(requests.size());
        long at = address;
        for (Allocation a : requests) {
            buffers.add(new CudaBuffer(a.type(), a.elements(), block, at));
            at += padded(a);
        }
        return buffers;
    }

    /** An empty tensor takes a place of its own too, so that every address is one of this block. */
    private static long padded(Allocation a) {
        long bytes = Math.max(1, Math.multiplyExact(a.elements(), (long) a.type().bytes()));
        return Math.addExact(bytes, ALIGN - 1) / ALIGN * ALIGN;
    }

    /** Memory that is no plan's. @return 0 when there is no room */
    long reserve(String purpose, long bytes) {
        long total = (bytes + ALIGN - 1) / ALIGN * ALIGN;
        long address = limit > 0 && total > limit - used ? 0 : driver.allocate(total);
        if (address != 0) {
            Block b = new Block(address, total, 1);
            live.put(b, List.of(new Allocation(DataType.FLOAT32, total / DataType.FLOAT32.bytes(), purpose)));
            reserved.put(address, b);
            used += total;
        }
        return address;
    }

    /** Gives back what {@link #reserve} gave. */
    void release(long address) {
        Block b = reserved.remove(address);
        live.remove(b);
        release(b);
    }

    private DeviceException shortage(List<Allocation> requests) {
        List<Allocation> all = live.values().stream().flatMap(List::stream).toList();
        String budget = limit > 0 ? " within memoryLimit " + text(limit) : "";
        return new DeviceException(device + " has no room" + budget + " for " + text(bytes(requests)) + ": "
                + text(requests) + ". In use: " + (all.isEmpty() ? "nothing of this session"
                : text(bytes(all)) + ": " + text(all)) + ". Use a smaller batch"
                + (limit > 0 ? " or a larger memoryLimit" : ""));
    }

    private static double bytes(List<Allocation> requests) {
        return requests.stream().mapToDouble(a -> (double) a.elements() * a.type().bytes()).sum();
    }

    private static String text(double bytes) {
        return bytes < 1 << 20 ? String.format(Locale.ROOT, "%.1f KiB", bytes / (1 << 10))
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (1 << 20));
    }

    /** By purpose, the largest first; small ones are counted. */
    private static String text(List<Allocation> requests) {
        Map<String, Double> sums = new LinkedHashMap<>();
        requests.forEach(a -> sums.merge(a.purpose(), bytes(List.of(a)), Double::sum));
        List<String> purposes = new ArrayList<>(sums.keySet());
        purposes.sort((a, b) -> Double.compare(sums.get(b), sums.get(a)));
        StringBuilder s = new StringBuilder();
        for (String p : purposes.subList(0, Math.min(SHOWN, purposes.size()))) {
            s.append(s.isEmpty() ? "" : ", ").append(p).append(' ').append(text(sums.get(p)));
        }
        if (purposes.size() > SHOWN) {
            List<String> rest = purposes.subList(SHOWN, purposes.size());
            s.append(", ").append(rest.size()).append(" more ")
                    .append(text(rest.stream().mapToDouble(sums::get).sum()));
        }
        return s.toString();
    }

    void free(List<Buffer> buffers) {
        for (Buffer b : buffers) {
            CudaBuffer c = CudaBuffer.of(b);
            if (!c.free()) {
                throw new DeviceException("cuda: a buffer of " + c.elements() + " " + c.type() + " was freed twice");
            }
            if (--c.block().pieces == 0) {
                release(c.block());
                live.remove(c.block());
            }
        }
    }

    private void release(Block b) {
        used -= b.bytes;
        driver.free(b.address);
    }

    /** Frees what is left. */
    void close() {
        live.keySet().forEach(this::release);
        live.clear();
    }
}
