package org.hourtap.device.enrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/// What a hub says when it refuses (RFC 9457): the `detail` is a sentence for people.
public final class Problem {
    private static final int DETAIL_LENGTH_MAX = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Problem() {}

    /// @return the sentence, empty if there is none; cut and free of control characters, because a
    ///   stranger may have written it
    public static String detail(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            String detail = tree == null ? "" : tree.path("detail").asText("");
            String cut = detail.substring(0, Math.min(DETAIL_LENGTH_MAX, detail.length()));
            return cut.replaceAll("\\p{Cntrl}", " ").strip();
        } catch (IOException e) {
            return "";
        }
    }
}
