package org.mocha4j.cuda.internal;

import com.sun.jna.Pointer;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Device.Reader;

/** Copies to pinned memory behind the work of the stream; an event says when the copy is there. */
final class CudaReader implements Reader {
    private final CudaDevice device;
    private final long from;
    private final HostTensor to;
    private final long bytes;
    private long pinned;
    private long arrived;

    CudaReader(CudaDevice device, long from, HostTensor to) {
        this.device = device;
        this.from = from;
        this.to = to;
        this.bytes = Math.max(1, (long) to.elements() * to.spec().type().bytes());
        device.exclusively(q -> {
            pinned = Staging.pinned(q.driver(), bytes);
            arrived = q.driver().event();
        });
    }

    @Override
    public void begin() {
        device.exclusively(q -> {
            q.driver().download(pinned, from, bytes, q.stream());
            q.driver().record(arrived, q.stream());
        });
    }

    @Override
    public void take() {
        device.exclusively(q -> {
            if (pinned == 0) {
                throw new DeviceException("this reader is closed");
            }
            q.driver().synchronizeEvent(arrived);
            Staging.read(new Pointer(pinned), to, 0, to.elements());
        });
    }

    @Override
    public void close() {
        device.exclusively(q -> {
            if (pinned != 0) {
                q.driver().synchronizeEvent(arrived);
                q.driver().closeEvent(arrived);
                q.driver().freePinned(pinned);
                pinned = 0;
            }
        });
    }
}
