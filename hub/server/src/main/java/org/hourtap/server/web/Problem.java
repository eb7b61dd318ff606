package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;

/// An error as RFC 9457 has it: a status and a sentence that helps.
final class Problem extends Exception {
    private static final long serialVersionUID = 1L;

    static final String CONTENT_TYPE = "application/problem+json";

    private final int status;

    Problem(int status, String detail) {
        super(detail);
        this.status = status;
    }

    static void render(Context context, int status, String detail) {
        context.status(status).contentType(CONTENT_TYPE).result(body(status, detail));
    }

    static byte[] body(int status, String detail) {
        ObjectNode body = Json.object();
        body.put("type", "about:blank");
        body.put("title", title(status));
        body.put("status", status);
        body.put("detail", detail);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    void render(Context context) {
        render(context, status, String.valueOf(getMessage()));
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Not authorized";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 409 -> "Conflict";
            case 413 -> "Too large";
            case 421 -> "Misdirected request";
            case 429 -> "Too many requests";
            case 503 -> "Not available";
            default -> "Error";
        };
    }
}
