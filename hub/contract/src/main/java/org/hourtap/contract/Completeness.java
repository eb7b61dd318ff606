package org.hourtap.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON can say `null` where a record promises a value, and the compiler's promise ends there. This
/// check restores it: only components marked nullable may be null, at any depth.
final class Completeness {
    /// Asking a class what it is made of costs more than decoding it.
    private static final Parts PARTS = new Parts();

    private static final class Parts extends ClassValue<List<Part>> {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(Part::of).toList();
        }
    }

    private record Part(String name, boolean isNullable, Method accessor) {
        static Part of(RecordComponent component) {
            return new Part(
                    component.getName(),
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                    component.getAccessor());
        }
    }

    private Completeness() {}

    static void check(Record decoded) throws MalformedMessageException {
        for (Part part : PARTS.get(decoded.getClass())) {
            checkValue(part, valueOf(part, decoded));
        }
    }

    private static void checkValue(Part part, @Nullable Object value)
            throws MalformedMessageException {
        if (value == null && !part.isNullable()) {
            throw new MalformedMessageException("'" + part.name() + "' is missing");
        }
        if (value instanceof Record inner) {
            check(inner);
        }
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Record inner) {
                    check(inner);
                }
            }
        }
    }

    private static @Nullable Object valueOf(Part part, Record decoded) {
        try {
            return part.accessor().invoke(decoded);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("a record's accessor is public and only reads", e);
        }
    }
}
