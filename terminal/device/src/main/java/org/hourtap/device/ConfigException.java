package org.hourtap.device;

import java.nio.file.Path;
import java.util.List;

/// A configuration that cannot be used. Says everything that is wrong with it at once.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigException(Path file, List<String> problems) {
        super(
                file
                        + (problems.size() == 1 ? " has a problem:" : " has problems:")
                        + "\n  - "
                        + String.join("\n  - ", problems));
    }
}
