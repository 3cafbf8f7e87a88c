package org.mocha4j.launcher.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets Ctrl-C and SIGTERM ask a run to end, instead of ending the JVM; the second one ends it. By reflection, because
 * {@code sun.misc.Signal} is in a module that not every Java has; where it is missing, signals do what they always did.
 */
final class Signals implements AutoCloseable {
    private final List<Runnable> undo = new ArrayList<>();

    private Signals() { }

    /** Calls {@code first} at the first signal, in another thread, until closed. */
    static Signals onInterrupt(Runnable first) {
        Signals signals = new Signals();
        for (String name : List.of("INT", "TERM")) {
            signals.handle(name, first);
        }
        return signals;
    }

    private void handle(String name, Runnable first) {
        try {
            ClassLoader platform = ClassLoader.getPlatformClassLoader();
            Class<?> signal = platform.loadClass("sun.misc.Signal");
            Class<?> handler = platform.loadClass("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object one = signal.getConstructor(String.class).newInstance(name);
            Object mine = Proxy.newProxyInstance(platform, new Class<?>[] {handler}, (p, m, a) -> {
                switch (m.getName()) {
                    case "handle" -> {
                        close();
                        first.run();
                        return null;
                    }
                    case "equals" -> {
                        return p == a[0];
                    }
                    case "hashCode" -> {
                        return System.identityHashCode(p);
                    }
                    default -> {
                        return "mocha's handler of SIG" + name;
                    }
                }
            });
            Object before = handle.invoke(null, one, mine);
            synchronized (this) {
                undo.add(() -> restore(handle, one, before));
            }
        } catch (ReflectiveOperationException | IllegalArgumentException | LinkageError e) {
            return;                                              // this system or this JVM has no such signal to handle
        }
    }

    private static void restore(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the handler of " + signal + " could not be restored", e);
        }
    }

    @Override public synchronized void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }
}
