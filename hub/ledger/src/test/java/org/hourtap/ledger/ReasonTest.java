package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What bookkeepers read in docs/LEDGER.md is what the program does.
class ReasonTest {
    private static final Path BOOK_OF_RULES = Path.of("../../docs/LEDGER.md");

    @Test
    void everyPairOfAccountsAReasonFitsIsInTheTableForBookkeepersAndNoOther() throws IOException {
        Set<String> fitting = new TreeSet<>();
        for (Reason reason : Reason.values()) {
            for (AccountKind debit : AccountKind.values()) {
                for (AccountKind credit : AccountKind.values()) {
                    if (!reason.isCorrection() && reason.fits(debit, credit)) {
                        fitting.add(reason + ": " + debit + " to " + credit);
                    }
                }
            }
        }
        Set<String> written = new TreeSet<>();
        for (List<String> row : table("reason")) {
            if (row.getFirst().matches("[A-Z_]+")
                    && !Reason.valueOf(row.getFirst()).isCorrection()) {
                for (String debit : row.get(1).split(", ")) {
                    for (String credit : row.get(2).split(", ")) {
                        written.add(row.getFirst() + ": " + debit + " to " + credit);
                    }
                }
            }
        }
        assertThat(written).isEqualTo(fitting);
    }

    @Test
    void everyReasonAndEveryKindOfAccountIsExplained() throws IOException {
        assertThat(table("reason").stream().map(List::getFirst).distinct())
                .containsExactly(names(Reason.values()));
        assertThat(table("kind").stream().map(List::getFirst))
                .containsExactlyInAnyOrder(names(AccountKind.values()));
    }

    @Test
    void noReasonTurnsMoneyIntoHoursOrHoursIntoMoney() {
        for (Reason reason : Reason.values()) {
            for (AccountKind debit : AccountKind.values()) {
                for (AccountKind credit : AccountKind.values()) {
                    if (!reason.isCorrection() && reason.fits(debit, credit)) {
                        assertThat(debit.asset())
                                .as("%s: %s to %s", reason, debit, credit)
                                .isEqualTo(credit.asset());
                    }
                }
            }
        }
    }

    @Test
    void theRulesAreWrittenDownInTheirOrderWithWhatTheySay() throws IOException {
        assertThat(table("rule").stream().map(row -> row.get(0) + " " + row.get(1)))
                .containsExactly(
                        List.of(Rejection.values()).stream()
                                .map(rejection -> rejection + " " + rejection.sentence())
                                .toArray(String[]::new));
    }

    @Test
    void everyStageButTheUsualOneIsExplained() throws IOException {
        assertThat(table("stage").stream().map(List::getFirst))
                .containsExactly(
                        List.of(Stage.Kind.values()).stream()
                                .filter(kind -> kind != Stage.Kind.PLAIN)
                                .map(Enum::name)
                                .toArray(String[]::new));
    }

    @Test
    void correctionsFitAnyAccountsBecauseTheOriginalDecides() {
        for (Reason reason : Reason.values()) {
            boolean undoes =
                    reason == Reason.VOID || reason == Reason.REFUND || reason == Reason.REVERSAL;
            assertThat(reason.isCorrection()).as("%s", reason).isEqualTo(undoes);
            if (undoes) {
                assertThat(reason.fits(AccountKind.VENUE, AccountKind.MEMBER)).isTrue();
            }
        }
    }

    private static String[] names(Enum<?>[] values) {
        return List.of(values).stream().map(Enum::name).toArray(String[]::new);
    }

    /// @param first the heading of the table's first column
    private static List<List<String>> table(String first) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean isInside = false;
        for (String line : Files.readAllLines(BOOK_OF_RULES)) {
            if (!line.startsWith("| ")) {
                isInside = isInside && line.startsWith("|");
                continue;
            }
            List<String> cells =
                    List.of(line.substring(1, line.lastIndexOf('|')).split("\\|")).stream()
                            .map(String::strip)
                            .toList();
            if (cells.getFirst().equals(first)) {
                isInside = true;
            } else if (isInside) {
                rows.add(cells);
            }
        }
        assertThat(rows).as("the table of " + first).isNotEmpty();
        return rows;
    }
}
