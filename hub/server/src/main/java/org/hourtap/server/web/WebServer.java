package org.hourtap.server.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.jspecify.annotations.Nullable;

/// Routes and error mapping. Everything under `/api` needs the administrator's token but enrolment,
/// which brings a proof of its own.
public final class WebServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WebServer.class.getName());

    /// A fleet of some dozens joining in one morning, and nobody guessing 100-bit codes.
    private static final int ENROLMENTS_PER_MINUTE = 60;

    private static final String BEARER = "Bearer ";

    private final Javalin javalin;

    private WebServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /// Starts serving.
    ///
    /// @param port 0 for any free one
    /// @param token what an administrator's program has to show
    /// @throws PortTakenException if it cannot listen there
    public static WebServer start(String host, int port, String token, Api api)
            throws PortTakenException {
        byte[] expected = (BEARER + token).getBytes(StandardCharsets.UTF_8);
        Javalin javalin =
                Javalin.create(config -> {
                    configure(config);
                    config.routes.before(context -> authorize(context, expected));
                    addErrors(config.routes);
                    addRoutes(config.routes, api);
                });
        try {
            javalin.start(host, port);
        } catch (JavalinBindException e) {
            javalin.stop();
            throw new PortTakenException(host, port, e);
        }
        return new WebServer(javalin);
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = Json.BODY_BYTES_MAX;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jetty.modifyServer(server -> server.setErrorHandler(new NoRequest()));
    }

    private static void addRoutes(RoutesConfig routes, Api api) {
        routes.get("/health", WebServer::health);
        routes.get("/api/1/health", WebServer::health);
        new MemberRoutes(api).addTo(routes);
        new CardRoutes(api).addTo(routes);
        new FleetRoutes(api, new RateLimit(ENROLMENTS_PER_MINUTE)).addTo(routes);
        new BookRoutes(api).addTo(routes);
        new OfficeRoutes(api).addTo(routes);
        new CashRoutes(api).addTo(routes);
        new RemittanceRoutes(api).addTo(routes);
        new ShiftRoutes(api).addTo(routes);
        new DayRoutes(api).addTo(routes);
    }

    private static void health(Context context) {
        Json.render(context, 200, Json.object().put("status", "up"));
    }

    private static void authorize(Context context, byte[] expected) throws Problem {
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Cache-Control", "no-store");
        context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        context.header("Referrer-Policy", "no-referrer");
        String path = context.path();
        boolean isOpen =
                path.equals("/health")
                        || path.equals("/api/1/health")
                        || path.equals(FleetRoutes.ENROL);
        @Nullable String shown = context.header("Authorization");
        if (!isOpen
                && (shown == null
                        || !MessageDigest.isEqual(
                                shown.getBytes(StandardCharsets.UTF_8), expected))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new Problem(
                    401,
                    "Show the administrator's token: Authorization: Bearer TOKEN. It is in the"
                            + " file admin.token of the hub's data folder.");
        }
    }

    private static void addErrors(RoutesConfig routes) {
        routes.exception(Problem.class, (problem, context) -> problem.render(context));
        routes.exception(
                RefusedException.class,
                (refused, context) ->
                        Problem.render(
                                context,
                                status(refused.why()),
                                String.valueOf(refused.getMessage())));
        routes.exception(
                UnavailableException.class,
                (unavailable, context) -> {
                    context.header("Retry-After", "5");
                    Problem.render(context, 503, String.valueOf(unavailable.getMessage()));
                });
        routes.exception(
                IllegalArgumentException.class,
                (wrong, context) ->
                        Problem.render(context, 400, String.valueOf(wrong.getMessage())));
        routes.exception(
                ArithmeticException.class,
                (_, context) -> Problem.render(context, 400, "A number is out of range."));
        routes.exception(
                HttpResponseException.class,
                (response, context) ->
                        Problem.render(context, response.getStatus(), said(response)));
        routes.exception(
                Exception.class,
                (failure, context) -> {
                    LOG.log(System.Logger.Level.ERROR, "a request failed", failure);
                    Problem.render(
                            context, 500, "The hub failed at this. What happened is in its log.");
                });
    }

    private static int status(RefusedException.Why why) {
        return switch (why) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case ELSEWHERE -> 421;
        };
    }

    private static String said(HttpResponseException response) {
        return switch (response.getStatus()) {
            case 404 -> "There is nothing here. The interface is under /api/1.";
            case 405 -> "This address does not take that method.";
            case 413 -> "The body is larger than 64 KB.";
            default -> String.valueOf(response.getMessage());
        };
    }
}
