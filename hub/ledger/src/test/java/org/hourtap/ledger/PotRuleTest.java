package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.junit.jupiter.api.Test;

class PotRuleTest {
    private static final MemberId ANN = new MemberId("ann");
    private static final ActivityId SWIM = new ActivityId("swim");

    private static PotRule rule(Set<MemberId> members, Set<ActivityId> activities) {
        return new PotRule(true, members, activities, new Credits(60), new Credits(90), 7);
    }

    private static long allowed(PotRule rule, long wanted, long drawn) {
        return rule.allows(ANN, SWIM, new Credits(wanted), new Credits(drawn)).minutes();
    }

    @Test
    void aPotGivesWhatIsWantedUpToItsTwoLimits() {
        PotRule rule = rule(Set.of(), Set.of());
        assertThat(allowed(rule, 45, 0)).isEqualTo(45);
        assertThat(allowed(rule, 61, 0)).isEqualTo(60);
        assertThat(allowed(rule, 60, 50)).isEqualTo(40);
        assertThat(allowed(rule, 60, 90)).isZero();
        assertThat(allowed(rule, 60, 100)).isZero();
    }

    @Test
    void itGivesToThoseItIsMeantForAndForWhatItIsMeant() {
        assertThat(allowed(rule(Set.of(ANN), Set.of(SWIM)), 10, 0)).isEqualTo(10);
        assertThat(allowed(rule(Set.of(new MemberId("bob")), Set.of()), 10, 0)).isZero();
        assertThat(allowed(rule(Set.of(), Set.of(new ActivityId("lunch"))), 10, 0)).isZero();
    }

    @Test
    void daysOutOfRangeAreRefused() {
        for (int days : new int[] {0, 367}) {
            assertThatThrownBy(() ->
                            new PotRule(true, Set.of(), Set.of(), Credits.NONE, Credits.NONE, days))
                    .hasMessageContaining("1 to 366 days");
        }
    }
}
