package org.mocha4j.cuda.internal.driver;

import java.util.HashMap;
import java.util.Map;
import org.mocha4j.api.DeviceException;

/** The objects that stand for the library's handles, by numbers. */
final class Handles {
    private final Map<Long, Object> objects = new HashMap<>();
    private long last;

    synchronized long add(Object o) {
        objects.put(++last, o);
        return last;
    }

    synchronized <T> T get(long handle, Class<T> type) {
        Object o = objects.get(handle);
        if (!type.isInstance(o)) {
            throw new DeviceException("cuda: there is no " + type.getSimpleName() + " " + handle);
        }
        return type.cast(o);
    }

    synchronized <T> T remove(long handle, Class<T> type) {
        T o = get(handle, type);
        objects.remove(handle);
        return o;
    }
}
