package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.hourtap.card.testing.Counts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Breaks reader and virtual card on purpose, one named mistake at a time, and insists that the
/// vectors or a whole tap notice. What is not mutated is loaded as the build compiled it.
@Timeout(300)
class NamedMutantsTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("repository.root"), "terminal/card/src");

    private static String checked(Map<String, byte[]> mutated) throws Exception {
        FreshClasses classes = new FreshClasses(mutated);
        Callable<?> checks =
                (Callable<?>)
                        classes.loadClass("org.hourtap.card.MutantChecks")
                                .getDeclaredConstructor()
                                .newInstance();
        return String.valueOf(checks.call());
    }

    private static Map<String, String> mutated(Mutant mutant) throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Mutant.Edit edit : mutant.edits()) {
            String file = edit.file();
            String source =
                    sources.containsKey(file)
                            ? sources.get(file)
                            : Files.readString(SOURCES.resolve(file));
            sources.put(file, edit.appliedTo(source, mutant.name()));
        }
        return sources;
    }

    @Test
    void everyNamedMutantIsFound() throws Exception {
        Map<String, Map<String, String>> mutants = new TreeMap<>();
        for (Mutant mutant : Mutants.all()) {
            assertThat(mutants.put(mutant.name(), mutated(mutant))).as(mutant.name()).isNull();
        }
        Map<String, String> foundBy = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        try (MemoryCompiler compiler = new MemoryCompiler()) {
            for (Map.Entry<String, Map<String, String>> mutant : mutants.entrySet()) {
                String failing = checked(compiler.compile(mutant.getValue()));
                if (failing.isEmpty()) {
                    survivors.add(mutant.getKey());
                } else {
                    foundBy.put(mutant.getKey(), failing);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("named mutants: %d of %d found".formatted(foundBy.size(), mutants.size()));
        foundBy.forEach((name, check) -> lines.add(name + " - found by: " + check));
        Counts.tell("named-mutants", lines.toArray(String[]::new));
        assertThat(survivors).as("mistakes that nothing finds").isEmpty();
        assertThat(mutants).hasSize(62);
    }

    /// Compiled anew but not changed, the same sources pass: what fails above is the mistake.
    @Test
    void withoutAMistakeTheSameSourcesPass() throws Exception {
        Map<String, String> sources = new HashMap<>();
        for (Mutant mutant : Mutants.all()) {
            for (Mutant.Edit edit : mutant.edits()) {
                sources.put(edit.file(), Files.readString(SOURCES.resolve(edit.file())));
            }
        }
        try (MemoryCompiler compiler = new MemoryCompiler()) {
            Map<String, byte[]> classes = compiler.compile(sources);
            assertThat(classes).hasSizeGreaterThanOrEqualTo(sources.size());
            assertThat(checked(classes)).isEmpty();
        }
    }

    @Test
    void aMutantWhoseTextIsGoneIsNamed() {
        Mutant stale = Mutant.reader("stale", "Cmac", "no such text", "");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> mutated(stale))
                .withMessageContaining("reader: stale")
                .withMessageContaining("no longer");
    }
}
