package org.hourtap.device.screen;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The words of one language. There is no fallback from one file to another, because a sentence in
/// the wrong language under the right `lang` is read out as noise.
///
/// @param language ISO 639-1 code
/// @param messages text by key; `{0}` stands for a number
record Wording(String language, Map<String, String> messages) {
    /// Spoken where nothing else is known. A language is added by a file and a line here.
    static final String DEFAULT_LANGUAGE = "en";

    static final List<String> LANGUAGES = List.of(DEFAULT_LANGUAGE, "cy");

    private static final long MINUTES_PER_HOUR = 60;

    private static final Map<String, Wording> ALL = readAll();

    Wording {
        messages = Map.copyOf(messages);
    }

    /// @return the words of this language, or English, which then also says that it is English
    static Wording in(String language) {
        Wording found = ALL.get(language);
        return found == null ? english() : found;
    }

    String text(String key) {
        String text = messages.get(key);
        if (text == null) {
            throw new IllegalStateException("no message " + key + " in " + language);
        }
        return text;
    }

    /// Says an amount of time in whole numbers: "1 hour 30 minutes". Nothing for 0.
    String hours(long minutes) {
        if (minutes < 0) {
            throw new IllegalArgumentException("negative minutes: " + minutes);
        }
        String hours = count("hours", minutes / MINUTES_PER_HOUR);
        String rest = count("minutes", minutes % MINUTES_PER_HOUR);
        return hours.isEmpty() || rest.isEmpty() ? hours + rest : hours + " " + rest;
    }

    private String count(String unit, long count) {
        if (count == 0) {
            return "";
        }
        String key = unit + (count == 1 ? ".one" : ".other");
        return text(key).replace("{0}", Long.toString(count));
    }

    private static Wording english() {
        Wording english = ALL.get(DEFAULT_LANGUAGE);
        if (english == null) {
            throw new IllegalStateException("no words in " + DEFAULT_LANGUAGE);
        }
        return english;
    }

    private static Map<String, Wording> readAll() {
        Map<String, Wording> all = new HashMap<>();
        LANGUAGES.forEach(language -> all.put(language, read(language)));
        return Collections.unmodifiableMap(all);
    }

    private static Wording read(String language) {
        String name = "messages_" + language + ".properties";
        try (InputStream in = Wording.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
            Properties properties = new Properties();
            properties.load(reader);
            Map<String, String> messages = new HashMap<>();
            properties.forEach((key, text) -> messages.put((String) key, (String) text));
            return new Wording(language, messages);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
