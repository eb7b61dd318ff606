package org.hourtap.server.web;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers what is so little of a request that no route ever sees it, in the words and the format
/// of all other refusals. Without it, the server's own page in HTML would.
final class NoRequest extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true; // a method that nobody knows deserves a sentence, too
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        byte[] problem = Problem.body(code, "This is not a request as HTTP has them.");
        response.write(true, ByteBuffer.wrap(problem), callback);
    }
}
