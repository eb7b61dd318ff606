package org.hourtap.device;

import java.io.IOException;
import java.nio.file.Path;
import org.hourtap.card.CardLayout;
import org.hourtap.card.MasterKeys;
import org.hourtap.device.cards.KeyFile;

/// A terminal's own key file. It holds the spend key only, in one version or, while cards are being
/// rolled, in several: a terminal can take hours but never give them.
final class CardKeys {
    private CardKeys() {}

    /// @throws IllegalArgumentException in words for the person who starts the terminal, without
    ///   repeating what the file says
    static MasterKeys load(Path file) throws IOException {
        try (KeyFile keys = read(file)) {
            return new MasterKeys(keys.keys());
        }
    }

    static void check(Path file) throws IOException {
        read(file).close();
    }

    private static KeyFile read(Path file) throws IOException {
        KeyFile keys = KeyFile.read(file);
        if (keys.keys().keySet().stream().allMatch(key -> key.number() == CardLayout.SPEND_KEY)) {
            return keys;
        }
        keys.close();
        throw new IllegalArgumentException(
                file
                        + " must hold the spend key (1) and nothing else. Where the scheme's keys"
                        + " are, make such a file: hourtap-terminal cards keys for-terminal KEYS "
                        + file.getFileName());
    }
}
