package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.ledger.LedgerFixtures.ANN;
import static org.hourtap.ledger.LedgerFixtures.BANKED;
import static org.hourtap.ledger.LedgerFixtures.BARRY;
import static org.hourtap.ledger.LedgerFixtures.ISSUANCE;
import static org.hourtap.ledger.LedgerFixtures.MIRROR;
import static org.hourtap.ledger.LedgerFixtures.PARTNER;
import static org.hourtap.ledger.LedgerFixtures.POOL;
import static org.hourtap.ledger.LedgerFixtures.SUSPENSE;
import static org.hourtap.ledger.LedgerFixtures.TILL;
import static org.hourtap.ledger.LedgerFixtures.entry;
import static org.hourtap.ledger.LedgerFixtures.swim;

import java.util.List;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TerminalId;
import org.junit.jupiter.api.Test;

class AccountTest {
    @Test
    void aMembersBalanceIsCreditsLessDebitsAndIssuancesTheReverse() {
        assertThat(new Account(ANN, new Balance(20, 50), 1, false).carried()).isEqualTo(30);
        assertThat(new Account(ISSUANCE, new Balance(50, 20), 1, false).carried()).isEqualTo(30);
    }

    @Test
    void nothingIsAvailableFromAnEmptyOrOverdrawnAccount() {
        assertThat(Account.open(ANN).available()).isEqualTo(Credits.NONE);
        assertThat(new Account(ANN, new Balance(5, 5), 1, false).available())
                .isEqualTo(Credits.NONE);
        assertThat(Account.open(SUSPENSE).available()).isEqualTo(new Credits(Credits.MINUTES_MAX));
        assertThat(new Account(ANN, new Balance(1, 5), 1, false).available())
                .isEqualTo(new Credits(4));
        assertThat(new Account(POOL, new Balance(0, Limits.NONE), 1, false).available())
                .isEqualTo(new Credits(Credits.MINUTES_MAX));
    }

    @Test
    void aMemberAccountThatIsOverdrawnCannotEvenBeRead() {
        assertThatThrownBy(() -> new Account(ANN, new Balance(6, 5), 1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overdrawn");
    }

    @Test
    void aPartnersAccountGoesAsFarBelowZeroAsWasAgreed() {
        Account open = Account.open(PARTNER);
        assertThat(open.available()).isEqualTo(Credits.NONE);
        assertThat(open.within(new Limits(-120, 60)).available()).isEqualTo(new Credits(120));
    }

    @Test
    void limitsLieOnBothSidesOfZeroAndSuitTheKind() {
        assertThatThrownBy(() -> new Limits(1, 2)).hasMessageContaining("both sides of zero");
        assertThatThrownBy(() -> new Limits(0, -1)).hasMessageContaining("from 0 to -1");
        assertThatThrownBy(() -> new Limits(Long.MIN_VALUE, 0)).hasMessageContaining("both sides");
        for (AccountKind kind : AccountKind.values()) {
            assertThat(Limits.of(kind).suit(kind)).as("%s", kind).isTrue();
            assertThat(new Limits(-1, 600).suit(kind))
                    .as("%s", kind)
                    .isEqualTo(kind == AccountKind.PARTNER);
            assertThat(new Limits(0, 600).suit(kind))
                    .as("%s", kind)
                    .isEqualTo(
                            kind == AccountKind.PARTNER
                                    || kind == AccountKind.POT
                                    || kind == AccountKind.GROUP);
        }
    }

    @Test
    void anAccountIsReadAsItIsWritten() {
        for (AccountId id : List.of(ANN, POOL, ISSUANCE, SUSPENSE, PARTNER, MIRROR, BANKED, TILL)) {
            assertThat(AccountId.parse(BARRY, id.name())).isEqualTo(id);
        }
        assertThatThrownBy(() -> AccountId.parse(BARRY, "ann"))
                .hasMessageContaining("no kind of account called 'ann'");
        assertThatThrownBy(() -> AccountId.parse(BARRY, "MEMBER"))
                .hasMessageContaining("needs an owner");
    }

    @Test
    void anAccountOfWhichThereIsOneHasNoOwnerAndTheOthersNeedOne() {
        assertThat(ISSUANCE.name()).isEqualTo("ISSUANCE");
        assertThat(AccountId.retired(BARRY).name()).isEqualTo("RETIRED");
        assertThat(ANN).hasToString("barry/MEMBER:ann");
        assertThatThrownBy(() -> new AccountId(BARRY, AccountKind.SUSPENSE, "ann"))
                .hasMessageContaining("has no owner");
        assertThatThrownBy(() -> new AccountId(BARRY, AccountKind.MEMBER, ""))
                .hasMessageContaining("needs an owner");
    }

    @Test
    void numbersOutOfRangeAreRefusedWhereTheyEnter() {
        assertThatThrownBy(() -> new Balance(-1, 0)).hasMessageContaining("only grow");
        assertThatThrownBy(() -> new Balance(0, -1)).hasMessageContaining("only grow");
        assertThatThrownBy(() -> new Account(ANN, Balance.ZERO, -1, false))
                .hasMessageContaining("sequence");
        assertThatThrownBy(() -> Known.accounts(null, null, 0)).hasMessageContaining("start at 1");
        assertThatThrownBy(() -> entry(0, swim(1, 1))).hasMessageContaining("backwards");
        assertThatThrownBy(() -> new Entry(4, swim(1, 1), 4, 0, 0, 0))
                .hasMessageContaining("backwards");
        assertThatThrownBy(() -> new Entry(4, swim(1, 1), 0, 4, 0, 0))
                .hasMessageContaining("backwards");
        TerminalId door = new TerminalId("door");
        assertThatThrownBy(() -> new TapOrigin(door, 0, 0)).hasMessageContaining("origin");
        assertThatThrownBy(() -> new TapOrigin(door, 1, -1)).hasMessageContaining("origin");
    }
}
