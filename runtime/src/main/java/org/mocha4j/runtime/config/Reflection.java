package org.mocha4j.runtime.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mocha4j.api.Flat;

/** Constructors and factories of configuration records. */
final class Reflection {
    private Reflection() {
    }

    /** Calls the canonical constructor; throws what it throws. */
    static Object create(Class<? extends Record> type, Object[] args) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructor(Stream.of(type.getRecordComponents())
                .map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.trySetAccessible();
        return call(() -> constructor.newInstance(args));
    }

    /** Throws what the called code throws. */
    static Object call(Callable<Object> reflective) throws Exception {
        try {
            return reflective.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The public static {@code of} of a class with this parameter; null if there is none. */
    static Method factory(Class<?> type, Class<?> parameter) {
        return Arrays.stream(type.getDeclaredMethods()).filter(f -> f.getName().equals("of")
                && Modifier.isStatic(f.getModifiers()) && Modifier.isPublic(f.getModifiers())
                && type.isAssignableFrom(f.getReturnType())
                && Arrays.equals(f.getParameterTypes(), new Class<?>[] {parameter})).findFirst().map(f -> {
                    f.trySetAccessible();
                    return f;
                }).orElse(null);
    }

    /** The factory that takes a scalar; null if there is none. */
    static Method factory(Class<?> type, Tree.Scalar s) {
        List<Class<?>> wanted = switch (s.kind()) {
            case NUMBER -> List.of(int.class, long.class, double.class, String.class);
            case BOOLEAN -> List.of(boolean.class, String.class);
            default -> List.of(String.class);
        };
        return wanted.stream().map(p -> factory(type, p)).filter(f -> f != null
                && (Scalars.bind(f.getParameterTypes()[0], s) != null)).findFirst().orElse(null);
    }

    /** The components that a list gives in order; none for a record with flat components. */
    static List<String> names(Class<? extends Record> type) {
        boolean flat = Stream.of(type.getRecordComponents()).anyMatch(c -> c.isAnnotationPresent(Flat.class));
        return flat ? List.of() : Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
    }

    /** What messages say that a plain record takes. */
    static String expected(Class<? extends Record> type) {
        List<String> forms = new ArrayList<>();
        for (Class<?> p : List.<Class<?>>of(int.class, long.class, double.class, boolean.class, String.class)) {
            if (factory(type, p) != null) {
                forms.add(p == int.class ? "a whole number" : Scalars.expected(p));
            }
        }
        if (!names(type).isEmpty()) {
            forms.add(names(type).toString());
        }
        forms.add("a map of " + Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList());
        return String.join(" or ", forms);
    }
}
