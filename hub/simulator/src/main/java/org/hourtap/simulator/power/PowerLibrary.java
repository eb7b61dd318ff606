package org.hourtap.simulator.power;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import org.jspecify.annotations.Nullable;

/// The functions of `powerdisk.c` by their names there. A subject is a disk or a file of a disk.
record PowerLibrary(
        Find add,
        Act forget,
        Measure effects,
        Count handles,
        Count isDead,
        Plan cutAfter,
        Act cut,
        Plan limit,
        Behave behave,
        Count files,
        Act revive,
        Pick file,
        Find path,
        Count changes,
        Count isNewborn,
        CountAt sectors,
        Settle settle,
        Act vanish,
        Act dropIndex) {
    /// Of a subject, another one.
    @FunctionalInterface
    public interface Find {
        MemorySegment of(MemorySegment subject);
    }

    /// Of a subject, the one with this index.
    @FunctionalInterface
    public interface Pick {
        MemorySegment of(MemorySegment subject, int index);
    }

    /// Something done to a subject.
    @FunctionalInterface
    public interface Act {
        void on(MemorySegment subject);
    }

    /// A small number; 0 and 1 are false and true.
    @FunctionalInterface
    public interface Count {
        int of(MemorySegment subject);
    }

    /// A small number for each index.
    @FunctionalInterface
    public interface CountAt {
        int of(MemorySegment subject, int index);
    }

    /// A large number.
    @FunctionalInterface
    public interface Measure {
        long of(MemorySegment subject);
    }

    /// A plan in effects or bytes.
    @FunctionalInterface
    public interface Plan {
        void on(MemorySegment disk, long amount);
    }

    /// How a disk behaves from now on.
    @FunctionalInterface
    public interface Behave {
        void on(MemorySegment disk, int failing, int lying);
    }

    /// What of a file's changes is kept; gives 0 or an error number of C.
    @FunctionalInterface
    public interface Settle {
        int on(MemorySegment file, MemorySegment kept, int torn, MemorySegment sectors);
    }

    static PowerLibrary of(SymbolLookup symbols) {
        Binding bind = new Binding(symbols);
        return new PowerLibrary(
                bind.to(Find.class, "add", ADDRESS, ADDRESS),
                bind.act("forget"),
                bind.to(Measure.class, "effects", JAVA_LONG, ADDRESS),
                bind.count("handles"),
                bind.count("is_dead"),
                bind.to(Plan.class, "cut_after", null, ADDRESS, JAVA_LONG),
                bind.act("cut"),
                bind.to(Plan.class, "limit", null, ADDRESS, JAVA_LONG),
                bind.to(Behave.class, "behave", null, ADDRESS, JAVA_INT, JAVA_INT),
                bind.count("files"),
                bind.act("revive"),
                bind.to(Pick.class, "file", ADDRESS, ADDRESS, JAVA_INT),
                bind.to(Find.class, "path", ADDRESS, ADDRESS),
                bind.count("changes"),
                bind.count("is_newborn"),
                bind.to(CountAt.class, "sectors", JAVA_INT, ADDRESS, JAVA_INT),
                bind.to(Settle.class, "settle", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
                bind.act("vanish"),
                bind.act("drop_index"));
    }

    private record Binding(SymbolLookup symbols) {
        Act act(String name) {
            return to(Act.class, name, null, ADDRESS);
        }

        Count count(String name) {
            return to(Count.class, name, JAVA_INT, ADDRESS);
        }

        @SuppressWarnings("restricted") // our own C, with the signatures above
        <T> T to(
                Class<T> type,
                String name,
                @Nullable MemoryLayout result,
                MemoryLayout... arguments) {
            FunctionDescriptor signature =
                    result == null
                            ? FunctionDescriptor.ofVoid(arguments)
                            : FunctionDescriptor.of(result, arguments);
            MethodHandle handle =
                    Linker.nativeLinker()
                            .downcallHandle(symbols.findOrThrow("powerdisk_" + name), signature);
            return MethodHandleProxies.asInterfaceInstance(type, handle);
        }
    }
}
