package org.hourtap.device;

import java.io.PrintWriter;

/// Runs `hourtap-terminal` as its shell command would, for tests in other packages.
public final class TerminalCommands {
    private TerminalCommands() {}

    /// @param out takes what goes to either stream
    /// @return the exit status
    public static int execute(PrintWriter out, String... arguments) {
        return TerminalMain.commandLine().setOut(out).setErr(out).execute(arguments);
    }
}
