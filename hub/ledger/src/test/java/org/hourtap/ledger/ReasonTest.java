package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void thePlainReasonsFitTheseAccountsAndNoOthers() {
        Set<String> fitting = new LinkedHashSet<>();
        for (Reason reason : Reason.values()) {
            if (reason.isCorrection() || reason == Reason.ADJUSTMENT) {
                continue;
            }
            for (AccountKind debit : AccountKind.values()) {
                for (AccountKind credit : AccountKind.values()) {
                    if (reason.fits(debit, credit)) {
                        fitting.add(reason + ": " + debit + " to " + credit);
                    }
                }
            }
        }
        assertThat(fitting)
                .containsExactlyInAnyOrder(
                        "SHIFT_EARNED: ISSUANCE to MEMBER",
                        "SHIFT_EARNED: ISSUANCE to SUSPENSE",
                        "SHIFT_EARNED: GROUP to MEMBER",
                        "SHIFT_EARNED: GROUP to SUSPENSE",
                        "SPEND: MEMBER to VENUE",
                        "SPEND: POT to VENUE",
                        "SPEND: SUSPENSE to VENUE",
                        "SHORTFALL: SUSPENSE to VENUE",
                        "SHORTFALL: POT to VENUE",
                        "GIFT: MEMBER to MEMBER",
                        "GIFT: MEMBER to POT",
                        "SETTLEMENT: VENUE to RETIRED");
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
}
