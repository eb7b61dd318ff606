package org.hourtap.device.screen;

/// A route says no to a request, with a sentence for whoever sent it.
public final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /// @param status an HTTP status from 400 to 599
    /// @param sentence what was wrong and what to do; it is sent to the browser
    public RefusedRequestException(int status, String sentence) {
        super(sentence);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not a refusal: " + status);
        }
        this.status = status;
    }

    public int status() {
        return status;
    }
}
