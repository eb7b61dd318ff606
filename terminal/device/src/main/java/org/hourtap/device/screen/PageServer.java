package org.hourtap.device.screen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.hourtap.device.screen.Pages.Page;
import org.jspecify.annotations.Nullable;

/// A small web server for a browser on the same machine: files of the class path, JSON, and events,
/// on 127.0.0.1 only. Pages get a policy that lets nothing in from elsewhere; requests that came by
/// another name (DNS rebinding) or from another site are refused.
public final class PageServer implements AutoCloseable {
    /// Far more than any form of ours; small enough to hold for every connection there can be.
    private static final int BODY_MAX = 64 * 1024;

    /// What is read of a body that is too large before it is refused: a browser that is cut off in
    /// the middle of sending shows an error of its own instead of our sentence.
    private static final int DRAIN_MAX = 1024 * 1024;

    /// Browsers open six connections a page; the rest is room for curl and a reload.
    private static final int CONNECTIONS_MAX = 64;

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final System.Logger LOG = System.getLogger(PageServer.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // The JDK's server takes these from properties alone, once for the whole JVM. Without the
        // first, two events in a row wait 40 ms for the browser's acknowledgement.
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        setUnlessSet("jdk.httpserver.maxConnections", Integer.toString(CONNECTIONS_MAX));
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Map<String, Page>> pages;
    private final List<String> hosts;
    private final int port;

    /// Opens a server.
    ///
    /// @param port 0 for any that is free
    /// @throws PortInUseException if another program has it
    public static PageServer open(int port, Pages pages) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        HttpServer server;
        try {
            server = HttpServer.create(address, CONNECTIONS_MAX);
        } catch (BindException e) {
            throw new PortInUseException(port, e);
        }
        PageServer opened = new PageServer(server, pages.byPath());
        server.setExecutor(opened.threads);
        server.createContext("/", opened::handle);
        server.start();
        return opened;
    }

    private PageServer(HttpServer server, Map<String, Map<String, Page>> pages) {
        this.server = server;
        this.pages = pages;
        this.port = server.getAddress().getPort();
        this.hosts = List.of("127.0.0.1:" + port, "localhost:" + port);
    }

    public int port() {
        return port;
    }

    /// @return where the pages are
    public URI address() {
        return URI.create("http://" + hosts.getFirst() + "/");
    }

    /// Ends all streams and connections at once.
    @Override
    public void close() {
        for (Map<String, Page> byMethod : pages.values()) {
            for (Page page : byMethod.values()) {
                if (page instanceof Page.Events(EventStream stream)) {
                    stream.close();
                }
            }
        }
        server.stop(0);
        threads.shutdownNow();
    }

    /// Must not keep a failure to itself: the JDK's server counts a connection that its handler
    /// closed as open for ever, unless the handler throws, and takes no more than so many.
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            answerOrRefuse(exchange);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a browser went away", e);
            throw e;
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed while a browser was served", e);
        }
    }

    private void answerOrRefuse(HttpExchange exchange) throws IOException, InterruptedException {
        try {
            answer(exchange);
        } catch (RefusedRequestException e) {
            refuse(exchange, e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot answer " + exchange.getRequestURI(), e);
            refuse(exchange, new RefusedRequestException(500, "This did not work; see the log."));
        }
    }

    private void answer(HttpExchange exchange)
            throws IOException, InterruptedException, RefusedRequestException {
        setHeaders(exchange.getResponseHeaders());
        requireOurName(exchange.getRequestHeaders().getFirst("Host"));
        switch (find(exchange)) {
            case Page.File(String contentType, byte[] content) ->
                    send(exchange, 200, contentType, content);
            case Page.Get(Pages.JsonGet route) ->
                    sendJson(exchange, route.answer(query(exchange.getRequestURI())));
            case Page.Post(Pages.JsonPost route) -> {
                requireOurOrigin(exchange.getRequestHeaders());
                sendJson(exchange, route.answer(body(exchange)));
            }
            case Page.Events(EventStream stream) -> serve(exchange, stream);
        }
    }

    private Page find(HttpExchange exchange) throws RefusedRequestException {
        String path = exchange.getRequestURI().getPath();
        Map<String, Page> byMethod = path == null ? null : pages.get(path);
        if (byMethod == null) {
            throw new RefusedRequestException(404, "There is no such page here.");
        }
        Page page = byMethod.get(exchange.getRequestMethod());
        if (page == null) {
            String allowed = String.join(", ", new TreeSet<>(byMethod.keySet()));
            exchange.getResponseHeaders().set("Allow", allowed);
            throw new RefusedRequestException(405, "This page answers only to " + allowed + ".");
        }
        return page;
    }

    /// A page of another site can point its own name at 127.0.0.1, but it cannot make the browser
    /// say our name.
    private void requireOurName(@Nullable String host) throws RefusedRequestException {
        if (host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) {
            throw new RefusedRequestException(
                    403, "This server answers only as " + String.join(" or ", hosts) + ".");
        }
    }

    /// A program without a browser sends neither header, and needs no protection from itself.
    private void requireOurOrigin(Headers headers) throws RefusedRequestException {
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean isOurs =
                origin == null || hosts.stream().map("http://"::concat).anyMatch(origin::equals);
        if (!isOurs || (site != null && !site.equals("same-origin"))) {
            throw new RefusedRequestException(403, "This request came from another site.");
        }
        String type = headers.getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new RefusedRequestException(415, "Send JSON, as application/json.");
        }
    }

    private static JsonNode body(HttpExchange exchange)
            throws IOException, RefusedRequestException {
        InputStream in = exchange.getRequestBody();
        byte[] bytes = in.readNBytes(BODY_MAX + 1);
        if (bytes.length > BODY_MAX) {
            in.skip(DRAIN_MAX);
            throw new RefusedRequestException(
                    413, "The request is larger than " + BODY_MAX + " bytes.");
        }
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node.isObject()) {
                return node;
            }
        } catch (IOException e) { // not only Jackson's own: bytes that are no text, too
            LOG.log(System.Logger.Level.DEBUG, "malformed body", e);
        }
        throw new RefusedRequestException(400, "The request is not a JSON object.");
    }

    private static Map<String, String> query(URI uri) throws RefusedRequestException {
        Map<String, String> query = new HashMap<>();
        String raw = uri.getRawQuery();
        if (raw == null) {
            return query;
        }
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            query.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decode(String text) throws RefusedRequestException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, "malformed query", e);
            throw new RefusedRequestException(400, "The address has a malformed % in it.");
        }
    }

    private static void serve(HttpExchange exchange, EventStream stream)
            throws IOException, InterruptedException, RefusedRequestException {
        if (!stream.enter()) {
            throw new RefusedRequestException(
                    503, "As many pages as possible are open. Close one and try again.");
        }
        try (OutputStream out = open(exchange)) {
            stream.serve(out);
        } finally {
            stream.leave();
        }
    }

    private static OutputStream open(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0); // 0: as long as it takes, in chunks
        return exchange.getResponseBody();
    }

    private static void sendJson(HttpExchange exchange, Object value) throws IOException {
        send(exchange, 200, "application/json", JSON.writeValueAsBytes(value));
    }

    private static void refuse(HttpExchange exchange, RefusedRequestException refusal)
            throws IOException {
        byte[] problem =
                JSON.writeValueAsBytes(
                        Map.of(
                                "status",
                                refusal.status(),
                                "detail",
                                Objects.toString(refusal.getMessage())));
        send(exchange, refusal.status(), "application/problem+json", problem);
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] content)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
        }
    }

    private static void setHeaders(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
