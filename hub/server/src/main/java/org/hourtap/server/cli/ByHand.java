package org.hourtap.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.SystemTime;
import picocli.CommandLine.Option;

/// What every command needs that moves hours by hand.
final class ByHand {
    @Option(names = "--operator", required = true, description = "who answers for it")
    private String operator = "";

    @Option(names = "--note", required = true, description = "why")
    private String note = "";

    @Option(
            names = "--id",
            description = "a transfer id: asking twice with the same one counts once")
    private String id = "";

    /// @return the request with what is said here
    Map<String, Object> body(Map<String, ?> request) {
        Map<String, Object> body = new LinkedHashMap<>(request);
        body.put("operator", operator);
        body.put("note", note);
        body.put(
                "id",
                id.isEmpty()
                        ? TransferId.mint(
                                        SystemTime.wallMicros() / 1_000,
                                        SystemTime.randomLong(),
                                        SystemTime.randomLong())
                                .toString()
                        : id);
        return body;
    }
}
