package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Reader;
import org.mocha4j.api.backend.DeviceOptions;

/** What goes in and out, on streams that work as late, or as early, as their order allows. */
class StagingTest {
    private static final int LARGE = 1 << 14;

    private static HostTensor filled(int elements, double v) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, elements));
        t.fill(v);
        return t;
    }

    @Test
    void largeTensorsTravelOnTheirOwnStream() {
        try (Rig r = new Rig(Map.of())) {
            Buffer b = r.allocate(DataType.FLOAT32, LARGE);
            Buffer small = r.allocate(DataType.FLOAT32, 1);
            r.driver.calls.clear();
            r.device.upload(filled(LARGE, 7), b);
            assertEquals(List.of("upload 65536", "record event", "await event", "copy 65536", "record event"),
                    r.driver.take("upload", "record", "await", "copy", "synchronize"));
            r.device.upload(HostTensor.allocate(Spec.of(DataType.FLOAT32)), small);
            assertEquals(List.of("upload 4", "record event"),
                    r.driver.take("upload", "record", "await", "copy", "synchronize"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTensorArrivesWholeHoweverManyAreOnTheirWay(boolean early) {
        for (int elements : new int[] {1, 5, LARGE, 9_000_000}) {
            try (Rig r = new Rig(DeviceOptions.DEFAULT, early, 1L << 30)) {
                List<Buffer> all = new ArrayList<>();
                int n = elements == 9_000_000 ? 2 : 80;
                HostTensor t = filled(elements, 0);
                for (int i = 0; i < n; i++) {
                    all.add(r.allocate(DataType.FLOAT32, elements));
                    t.fill(i);
                    r.device.upload(t, all.get(i));
                    t.fill(-1);
                }
                for (int i = 0; i < n; i++) {
                    r.device.download(all.get(i), t);
                    assertArrayEquals(filled(elements, i).floats(), t.floats());
                }
            }
        }
    }

    @Test
    void theNextBatchTravelsWhileTheStepRuns() {
        try (Rig r = new Rig(DeviceOptions.DEFAULT, true)) {
            Buffer b = r.allocate(DataType.FLOAT32, LARGE);
            for (int i = 0; i < 4; i++) {
                r.device.upload(filled(LARGE, i), b);
            }
            r.driver.calls.clear();
            r.device.upload(filled(LARGE, 4), b);
            assertEquals("synchronize event of 0 graphs ago", r.driver.calls.get(0),
                    "the fifth waits for the first's place");
            assertEquals(1, r.driver.take("synchronize").size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReaderBringsWhatTheWorkBeforeItLeft(boolean early) {
        try (Rig r = new Rig(DeviceOptions.DEFAULT, early)) {
            Buffer b = r.allocate(DataType.FLOAT32, 3);
            HostTensor first = filled(3, 0);
            HostTensor second = filled(3, 0);
            Reader one = r.device.reader(b, first).orElseThrow();
            Reader two = r.device.reader(b, second).orElseThrow();
            r.driver.calls.clear();
            r.device.upload(filled(3, 1), b);
            one.begin();
            r.device.upload(filled(3, 2), b);
            two.begin();
            assertEquals(List.of(), r.driver.take("synchronize"));
            one.take();
            two.take();
            assertEquals(2, r.driver.take("synchronize event").size());
            assertArrayEquals(new float[] {1, 1, 1}, first.floats());
            assertArrayEquals(new float[] {2, 2, 2}, second.floats());
            one.close();
            two.close();
            two.close();
            assertEquals("this reader is closed", assertThrows(DeviceException.class, two::take).getMessage());
        }
    }

    @Test
    void withoutRoomOnTheDeviceTensorsGoStraight() {
        try (Rig r = new Rig(Map.of("memoryLimit", "128000"))) {
            Buffer b = r.allocate(DataType.FLOAT32, LARGE);
            r.driver.calls.clear();
            r.device.upload(filled(LARGE, 7), b);
            assertEquals(List.of("upload 65536", "record event"), r.driver.take("upload", "record", "await", "copy"));
            HostTensor t = filled(LARGE, 0);
            r.device.download(b, t);
            assertArrayEquals(filled(LARGE, 7).floats(), t.floats());
        }
    }
}
