package org.hourtap.card;

import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A mistake with a name: what somebody could have misread in a data sheet.
record Mutant(String name, List<Edit> edits) {
    /// One change in one source, whose old text is there exactly once, however it is broken into
    /// lines.
    record Edit(String file, String before, String after) {
        String appliedTo(String source, String mutant) {
            List<MatchResult> places = pattern().matcher(source).results().toList();
            if (places.size() != 1) {
                throw new AssertionError(
                        "mutant \"%s\" is to change \"%s\" in %s, which is there %s; mend the mutant"
                                .formatted(
                                        mutant,
                                        before,
                                        file,
                                        places.isEmpty() ? "no longer" : "more than once"));
            }
            MatchResult place = places.getFirst();
            return source.substring(0, place.start()) + after + source.substring(place.end());
        }

        /// The formatter may break lines where it likes.
        private Pattern pattern() {
            return Pattern.compile(
                    Arrays.stream(before.split("\\s+", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining("\\s+")));
        }
    }

    static Mutant reader(String name, String file, String before, String after) {
        return new Mutant("reader: " + name, List.of(inReader(file, before, after)));
    }

    static Mutant card(String name, String file, String before, String after) {
        return new Mutant("card: " + name, List.of(inCard(file, before, after)));
    }

    /// The same misreading on both sides, so that they agree with each other.
    static Mutant both(String name, Edit reader, Edit card) {
        return new Mutant("both: " + name, List.of(reader, card));
    }

    static Edit inReader(String file, String before, String after) {
        return new Edit("main/java/org/hourtap/card/" + file + ".java", before, after);
    }

    static Edit inCard(String file, String before, String after) {
        return new Edit("test/java/org/hourtap/card/testing/" + file + ".java", before, after);
    }
}
