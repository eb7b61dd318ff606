package org.hourtap.simulator.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import org.hourtap.simulator.demo.Report;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An auditor that finds nothing is worth nothing: each bug planted here is found.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class PlantedBugsTest {
    private static final int SEEDS_MAX = 20;
    private static final int DAYS = 12;

    /// What operators do is rarer.
    private static final int OPERATOR_SEEDS_MAX = 60;

    private static final int OPERATOR_DAYS = 30;

    @BeforeAll
    static void quiet() {
        // Programs warn of every mishap, as they should; here mishaps are the rule.
        LogManager.getLogManager().reset();
    }

    @Test
    void everyPlantedBugIsFound() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Bugs planted on purpose: how many lives it took (of "
                        + SEEDS_MAX
                        + " at most), and the rule that broke.");
        for (String name : bugs().keySet()) {
            lines.add(found(name));
            Report.write("planted-bugs", lines);
        }
        assertThat(lines).hasSizeGreaterThan(21);
    }

    @Test
    void whatGoesWrongWithOperatorsAndMachinesIsFoundByItsOwnRule() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Bugs planted on purpose: the rule that has to break, and in which life (of "
                        + OPERATOR_SEEDS_MAX
                        + " at most) it did.");
        for (Rule rule : OperatorBugs.all().keySet()) {
            lines.add(found(rule));
            Report.write("planted-operator-bugs", lines);
        }
        assertThat(lines).hasSizeGreaterThan(15);
    }

    /// Another rule may break first in some lives; this one has to in one.
    private static String found(Rule rule) throws Exception {
        for (long seed = 1; seed <= OPERATOR_SEEDS_MAX; seed++) {
            Seams bug = OperatorBugs.all().get(rule);
            if (bug == null) {
                throw new AssertionError(rule);
            }
            Violation broken = Life.live(seed, OPERATOR_DAYS, bug, _ -> {}).broken();
            if (broken != null && broken.rule() == rule) {
                return String.format("%-25s %2d", rule, seed);
            }
        }
        throw new AssertionError("not found in " + OPERATOR_SEEDS_MAX + " lives: " + rule);
    }

    private static String found(String name) throws Exception {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            Life.Outcome outcome = Life.live(seed, DAYS, bug(name), _ -> {});
            Violation broken = outcome.broken();
            // An error that ends a program is noticed without an auditor.
            if (broken != null && broken.rule() != Rule.UNEXPECTED_FAILURE) {
                return String.format("%-50s %2d  %s", name, seed, broken.rule());
            }
        }
        throw new AssertionError("not found in " + SEEDS_MAX + " lives: " + name);
    }

    /// Bugs remember things; each life gets its own.
    private static Seams bug(String name) {
        Seams seams = bugs().get(name);
        if (seams == null) {
            throw new AssertionError(name);
        }
        return seams;
    }

    private static Map<String, Seams> bugs() {
        Map<String, Seams> bugs = new LinkedHashMap<>(StoreBugs.all());
        bugs.putAll(WireBugs.all());
        return bugs;
    }
}
