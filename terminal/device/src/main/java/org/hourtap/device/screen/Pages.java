package org.hourtap.device.screen;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// What a `PageServer` serves, by path and method. Everything is listed, nothing is looked up on
/// disk, so there is no path to escape from.
public final class Pages {
    private static final Map<String, String> CONTENT_TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml",
                    "png", "image/png");

    /// Answers with a value that becomes JSON.
    @FunctionalInterface
    public interface JsonGet {
        /// @param query the parameters behind the `?`; the last of a name wins
        /// @throws RefusedRequestException to answer with a sentence instead
        Object answer(Map<String, String> query) throws RefusedRequestException;
    }

    /// Does what a body asks for, and answers with a value that becomes JSON.
    @FunctionalInterface
    public interface JsonPost {
        /// @throws RefusedRequestException to answer with a sentence instead
        Object answer(JsonNode body) throws RefusedRequestException;
    }

    /// What happens at one path by one method.
    sealed interface Page {
        @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
        record File(String contentType, byte[] content) implements Page {}

        record Get(JsonGet route) implements Page {}

        record Post(JsonPost route) implements Page {}

        record Events(EventStream stream) implements Page {}
    }

    private final Map<String, Map<String, Page>> byPath = new HashMap<>();

    /// Serves a resource of the class path.
    ///
    /// @param beside the class whose package holds it
    /// @param name with an ending that says what it is: html, css, js, svg or png
    public Pages file(String path, Class<?> beside, String name) {
        String contentType = CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (contentType == null) {
            throw new IllegalArgumentException("no content type for " + name);
        }
        return add(path, "GET", new Page.File(contentType, read(beside, name)));
    }

    public Pages get(String path, JsonGet route) {
        return add(path, "GET", new Page.Get(route));
    }

    public Pages post(String path, JsonPost route) {
        return add(path, "POST", new Page.Post(route));
    }

    public Pages events(String path, EventStream stream) {
        return add(path, "GET", new Page.Events(stream));
    }

    /// @return page by method by path
    Map<String, Map<String, Page>> byPath() {
        return Map.copyOf(byPath);
    }

    private Pages add(String path, String method, Page page) {
        if (byPath.computeIfAbsent(path, _ -> new HashMap<>()).put(method, page) != null) {
            throw new IllegalArgumentException("two pages for " + method + " " + path);
        }
        return this;
    }

    private static byte[] read(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "no resource " + name + " beside " + beside.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
