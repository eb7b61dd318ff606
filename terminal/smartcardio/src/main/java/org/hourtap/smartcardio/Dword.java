package org.hourtap.smartcardio;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Objects;

/// pcsc-lite's DWORD: a `long` of C, as wide as this platform makes it.
final class Dword {
    static final MemoryLayout LAYOUT =
            Objects.requireNonNull(
                    Linker.nativeLinker().canonicalLayouts().get("long"), "C has a long");
    static final long SIZE = LAYOUT.byteSize();

    private Dword() {}

    static MemorySegment allocate(SegmentAllocator memory, long value) {
        var segment = memory.allocate(LAYOUT);
        set(segment, 0, value);
        return segment;
    }

    static long get(MemorySegment segment, long offset) {
        return SIZE == Long.BYTES
                ? segment.get(JAVA_LONG, offset)
                : Integer.toUnsignedLong(segment.get(JAVA_INT, offset));
    }

    static void set(MemorySegment segment, long offset, long value) {
        if (SIZE == Long.BYTES) {
            segment.set(JAVA_LONG, offset, value);
        } else {
            segment.set(JAVA_INT, offset, (int) value);
        }
    }
}
