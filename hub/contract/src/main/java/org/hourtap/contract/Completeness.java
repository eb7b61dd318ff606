package org.hourtap.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON can say `null` where a record promises a value, and the compiler's promise ends there. This
/// check restores it: only components marked nullable may be null, at any depth.
final class Completeness {
    private Completeness() {}

    static void check(Record decoded) throws MalformedMessageException {
        for (RecordComponent component : decoded.getClass().getRecordComponents()) {
            checkValue(component, valueOf(component, decoded));
        }
    }

    private static void checkValue(RecordComponent component, @Nullable Object value)
            throws MalformedMessageException {
        if (value == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            throw new MalformedMessageException("'" + component.getName() + "' is missing");
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

    private static @Nullable Object valueOf(RecordComponent component, Record decoded) {
        try {
            return component.getAccessor().invoke(decoded);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("a record's accessor is public and only reads", e);
        }
    }
}
