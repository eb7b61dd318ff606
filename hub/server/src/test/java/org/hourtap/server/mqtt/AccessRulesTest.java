package org.hourtap.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.core.security.CheckType;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.server.certificates.Holder;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private static final Holder HUB = new Holder.Hub();
    private static final Holder POOL =
            new Holder.Terminal(new BookId("vale"), new TerminalId("pool"), "1");
    private static final String UP = "hourtap/1/vale/pool/up/";
    private static final String DOWN = "hourtap/1/vale/pool/down/";
    private static final Set<CheckType> READING =
            EnumSet.of(
                    CheckType.CONSUME,
                    CheckType.BROWSE,
                    CheckType.CREATE_DURABLE_QUEUE,
                    CheckType.DELETE_DURABLE_QUEUE,
                    CheckType.CREATE_NON_DURABLE_QUEUE,
                    CheckType.DELETE_NON_DURABLE_QUEUE);

    @Test
    void aTerminalHasExactlyTheseRights() {
        for (CheckType right : CheckType.values()) {
            boolean isReading = READING.contains(right);
            assertThat(AccessRules.mayUse(POOL, right, UP + "hello"))
                    .as(right.name())
                    .isEqualTo(right == CheckType.SEND || right == CheckType.CREATE_ADDRESS);
            for (String filter :
                    List.of(DOWN + "feed", DOWN + "#", DOWN + "+", "hourtap/1/vale/head")) {
                assertThat(AccessRules.mayUse(POOL, right, filter))
                        .as(right + filter)
                        .isEqualTo(isReading || right == CheckType.CREATE_ADDRESS);
                assertThat(AccessRules.mayUse(POOL, right, filter + "::pool." + filter))
                        .as(right + filter)
                        .isEqualTo(isReading);
                for (String queue : List.of("theatre.", "hub.", "x.pool.", "")) {
                    assertThat(AccessRules.mayUse(POOL, right, filter + "::" + queue + filter))
                            .as(right + queue)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void onlyTheHubSaysWhereAJournalStands() {
        assertThat(AccessRules.maySend(HUB, "hourtap/1/vale/head")).isTrue();
        assertThat(AccessRules.maySend(POOL, "hourtap/1/vale/head")).isFalse();
        assertThat(AccessRules.mayReceive(POOL, "hourtap/1/vale/head")).isTrue();
        for (String other :
                List.of("hourtap/1/dinas/head", "hourtap/1/+/head", "hourtap/1/vale/+")) {
            assertThat(AccessRules.mayReceive(POOL, other)).as(other).isFalse();
        }
    }

    @Test
    void nobodyAdministersTheBroker() {
        for (Holder holder : List.of(HUB, POOL)) {
            for (CheckType right :
                    List.of(
                            CheckType.MANAGE,
                            CheckType.VIEW,
                            CheckType.EDIT,
                            CheckType.DELETE_ADDRESS)) {
                assertThat(AccessRules.mayUse(holder, right, "hourtap/1/vale")).isFalse();
            }
            for (CheckType right : CheckType.values()) {
                for (String other : List.of("activemq.management", "$sys.mqtt.sessions", "#")) {
                    assertThat(AccessRules.mayUse(holder, right, other)).isFalse();
                }
            }
        }
    }

    @Test
    void theHubReachesEverythingOfOursAndNothingElse() {
        assertThat(AccessRules.maySend(HUB, DOWN + "feed")).isTrue();
        assertThat(AccessRules.maySend(HUB, "hourtap/1/vale/+/down/feed")).isFalse();
        assertThat(AccessRules.maySend(HUB, "hourtap/2/x")).isFalse();
        assertThat(AccessRules.mayReceive(HUB, "hourtap/1/vale/+/up/+")).isTrue();
        assertThat(AccessRules.mayReceive(HUB, "hourtap/1/#")).isTrue();
        assertThat(AccessRules.mayReceive(HUB, "hourtap/#")).isFalse();
        String shared = "hourtap/1/#::hubs.hourtap/1/#";
        assertThat(AccessRules.mayUse(HUB, CheckType.CONSUME, shared)).isTrue();
        assertThat(AccessRules.mayUse(HUB, CheckType.CONSUME, "hourtap/1/#::other")).isFalse();
    }

    @Test
    void filtersThatNameQueuesAreTricksAndSharesAreTheHubsOnly() {
        assertThat(AccessRules.isTrick(POOL, "$share/x/" + DOWN + "feed")).isTrue();
        assertThat(AccessRules.isTrick(HUB, "$share/hubs/hourtap/1/#")).isFalse();
        for (Holder holder : List.of(HUB, POOL)) {
            assertThat(AccessRules.isTrick(holder, DOWN + "feed::x")).isTrue();
            assertThat(AccessRules.isTrick(holder, DOWN + "\\feed")).isTrue();
            assertThat(AccessRules.isTrick(holder, DOWN + "feed")).isFalse();
        }
    }
}
