package org.mocha4j.nativecpu.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How much memory may still be taken before Linux ends a process for it: what /proc/meminfo says is available without
 * swapping, and what the process's control groups (versions 1 and 2) leave, pages of files that can be dropped counted
 * as free. What cannot be read does not count.
 *
 * @param root the root of the file system
 */
record MemoryLimits(Path root) {
    /** @param source what says so */
    record Room(long bytes, String source) {
    }

    /** The files of one version of control groups. */
    private record Names(String limit, String used, String droppable) {
    }

    private static final Names FIRST = new Names("memory.limit_in_bytes", "memory.usage_in_bytes",
            "total_inactive_file");
    private static final Names SECOND = new Names("memory.max", "memory.current", "inactive_file");

    static final MemoryLimits SYSTEM = new MemoryLimits(Path.of("/"));

    /** The least that any of them leaves. */
    Room room() {
        List<Room> all = new ArrayList<>();
        field(root.resolve("proc/meminfo"), "MemAvailable:").ifPresent(kb ->
                all.add(new Room(kb << 10, "MemAvailable in /proc/meminfo")));
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);                 // number, controllers, path
            if (parts.length == 3 && parts[1].isEmpty()) {
                groups(root.resolve("sys/fs/cgroup"), parts[2], SECOND, all);
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                groups(root.resolve("sys/fs/cgroup/memory"), parts[2], FIRST, all);
            }
        }
        return all.stream().min(Comparator.comparingLong(Room::bytes)).orElse(new Room(Long.MAX_VALUE, "nothing"));
    }

    /**
     * A group and those around it. In a container its path may be that of the host, and then only the outermost is
     * there.
     */
    private void groups(Path mount, String path, Names files, List<Room> all) {
        Path group = mount.resolve(path.replaceAll("^/+", "")).normalize();
        if (!group.startsWith(mount)) {
            group = mount;
        }
        for (Path g = group; g.startsWith(mount); g = g.getParent()) {
            OptionalLong limit = number(g.resolve(files.limit));
            OptionalLong used = number(g.resolve(files.used));
            if (limit.isPresent() && used.isPresent()) {
                long droppable = field(g.resolve("memory.stat"), files.droppable + " ").orElse(0);
                all.add(new Room(Math.max(0, limit.getAsLong() - used.getAsLong() + droppable),
                        "the limit /" + root.relativize(g.resolve(files.limit))));
            }
        }
    }

    private static List<String> lines(Path file) {
        try (Stream<String> s = Files.lines(file)) {
            return s.toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();                                    // not on this system
        }
    }

    /** A file of one number; none if there is another word, such as max. */
    private static OptionalLong number(Path file) {
        return lines(file).stream().limit(1).map(String::strip).filter(s -> s.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong).findFirst();
    }

    /** The first number after a name at the start of a line. */
    private static OptionalLong field(Path file, String name) {
        return lines(file).stream().filter(l -> l.startsWith(name)).limit(1)
                .map(l -> l.substring(name.length()).strip().toLowerCase(Locale.ROOT).replaceAll(" .*", ""))
                .filter(s -> s.matches("[0-9]{1,18}")).mapToLong(Long::parseLong).findFirst();
    }
}
