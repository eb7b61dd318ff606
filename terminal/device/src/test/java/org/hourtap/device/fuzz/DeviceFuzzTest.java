package org.hourtap.device.fuzz;

import java.util.concurrent.TimeUnit;
import org.hourtap.contract.testing.Fuzzing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeviceFuzzTest {
    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS) // a long run is as long as it was asked to be
    void whateverATerminalFindsOrIsSentItGoesOnOrSaysWhyNot() throws Exception {
        Fuzzing.attack(DeviceTargets.class);
    }
}
