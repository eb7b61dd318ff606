package org.hourtap.contract;

import java.util.concurrent.TimeUnit;
import org.hourtap.contract.testing.Fuzzing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ContractFuzzTest {
    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS) // a long run is as long as it was asked to be
    void whateverCrossesTheWireIsReadOrRefused() throws Exception {
        Fuzzing.attack(ContractTargets.class);
    }
}
