package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Device.Allocation;

/** What Linux says is available, and what becomes of a request beyond it. */
class MemoryLimitsTest {
    @TempDir
    Path root;

    private void file(String path, String text) throws IOException {
        Path f = root.resolve(path);
        Files.createDirectories(f.getParent());
        Files.writeString(f, text);
    }

    private void available(long kb) throws IOException {
        file("proc/meminfo", "MemTotal:       24000000 kB\nMemFree:  1 kB\nMemAvailable:   " + kb + " kB\nBuffers: 7 kB\n");
    }

    private MemoryLimits.Room room() {
        return new MemoryLimits(root).room();
    }

    @Test
    void whatTheMachineHas() throws IOException {
        available(1000);
        assertEquals(new MemoryLimits.Room(1024000, "MemAvailable in /proc/meminfo"), room());
    }

    @Test
    void theTightestOfTheControlGroupsOfVersion2() throws IOException {
        available(1000);
        file("proc/self/cgroup", "0::/outer/inner\n");
        file("sys/fs/cgroup/outer/inner/memory.max", "max\n");
        file("sys/fs/cgroup/outer/inner/memory.current", "10\n");
        file("sys/fs/cgroup/outer/memory.max", "5000\n");
        file("sys/fs/cgroup/outer/memory.current", "4000\n");
        file("sys/fs/cgroup/outer/memory.stat", "anon 1\ninactive_file 300\nactive_file 50\n");
        assertEquals(new MemoryLimits.Room(1300, "the limit /sys/fs/cgroup/outer/memory.max"), room());
        file("sys/fs/cgroup/outer/memory.current", "9000\n");
        assertEquals(0, room().bytes());
    }

    @Test
    void controlGroupsOfVersion1() throws IOException {
        available(1000);
        file("proc/self/cgroup", "9:cpu,cpuacct:/x\n5:memory:/docker/abc\n0::/\n");
        file("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9000\n");
        file("sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "8000\n");
        file("sys/fs/cgroup/memory/docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 20\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/memory/memory.usage_in_bytes", "8000\n");
        assertEquals(new MemoryLimits.Room(1020, "the limit /sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes"), room());
    }

    @Test
    void aContainerThatSeesThePathOfItsHost() throws IOException {
        available(1000);
        file("proc/self/cgroup", "0::/../../kubepods/pod7\n");
        file("sys/fs/cgroup/memory.max", "2000\n");
        file("sys/fs/cgroup/memory.current", "500\n");
        assertEquals(new MemoryLimits.Room(1500, "the limit /sys/fs/cgroup/memory.max"), room());
        file("proc/self/cgroup", "0::/kubepods/pod7\n");
        assertEquals(1500, room().bytes());
    }

    @Test
    void whatCannotBeReadDoesNotCount() throws IOException {
        assertEquals(Long.MAX_VALUE, room().bytes());
        file("proc/meminfo", "MemAvailable: much\n");
        file("proc/self/cgroup", "nonsense\n0::/g\n");
        file("sys/fs/cgroup/g/memory.max", "");
        assertEquals(Long.MAX_VALUE, room().bytes());
    }

    @Test
    void thisMachineSaysSomething() {
        MemoryLimits.Room r = MemoryLimits.SYSTEM.room();
        assertTrue(r.bytes() > 1 << 20, r.toString());
    }

    private String refused(Allocation... requests) {
        return assertThrows(DeviceException.class, () -> Arena.allocate(List.of(requests), new MemoryLimits(root)))
                .getMessage();
    }

    @Test
    void aRequestBeyondWhatIsAvailable() throws IOException {
        available(200 << 10);
        assertEquals("native memory has no room for 144 MiB, 200 MiB are available by MemAvailable in /proc/meminfo:"
                + " blob conv1 (33554432 float32); status (2097152 int64). Use a smaller batch",
                refused(new Allocation(DataType.FLOAT32, 32 << 20, "blob conv1"),
                        new Allocation(DataType.INT64, 2 << 20, "status")));
        file("proc/self/cgroup", "0::/\n");
        file("sys/fs/cgroup/memory.max", "104857600\n");
        file("sys/fs/cgroup/memory.current", "52428800\n");
        assertEquals("native memory has no room for 16 MiB, 50 MiB are available by the limit /sys/fs/cgroup/memory.max:"
                + " scratch (4194304 float32). Use a smaller batch",
                refused(new Allocation(DataType.FLOAT32, 4 << 20, "scratch")));
    }

    @Test
    void aRequestBeyondAllAddresses() {
        assertEquals("native memory has no room for 35184372088831 MiB: blob a (4611686018427387904 float64)."
                + " Use a smaller batch", refused(new Allocation(DataType.FLOAT64, 1L << 62, "blob a"))
                .replace("35184372088832", "35184372088831"));
    }
}
