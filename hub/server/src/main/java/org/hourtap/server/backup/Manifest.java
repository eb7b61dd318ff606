package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.runtime.DataFolder;

/// What a snapshot holds, in a text file that is written last: a folder without it is no snapshot.
///
/// @param name of the folder; the changes after it are tied to it by this
/// @param madeMicros when, by the hub's clock
/// @param heads of the books in it
/// @param files all others in the folder
/// @param elsewhere what a hub needs besides, and lies outside its data folder
record Manifest(
        String name,
        long madeMicros,
        List<String> heads,
        List<Item> files,
        List<String> elsewhere) {
    static final String FILE = "snapshot.txt";

    private static final String FIRST_LINE = "hourtap snapshot 1";

    /// A hub has some ten files, and a book one line.
    private static final long BYTES_MAX = 1 << 20;

    /// A file by its path in the folder.
    ///
    /// @param hash SHA-256, hexadecimal
    record Item(String hash, long bytes, String path) {}

    Manifest {
        heads = List.copyOf(heads);
        files = List.copyOf(files);
        elsewhere = List.copyOf(elsewhere);
    }

    void write(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(FIRST_LINE);
        lines.add("name " + name);
        lines.add("made " + madeMicros + " " + time(madeMicros));
        heads.forEach(head -> lines.add("head " + head));
        files.forEach(item -> lines.add("file " + item.hash + " " + item.bytes + " " + item.path));
        elsewhere.forEach(path -> lines.add("elsewhere " + path));
        lines.add("end");
        String text = String.join("\n", lines) + "\n";
        DataFolder.writePrivate(folder.resolve(FILE), text.getBytes(StandardCharsets.UTF_8));
    }

    /// @throws BackupProblem if there is none, or not a whole one
    static Manifest read(Path folder) throws IOException, BackupProblem {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new BackupProblem(
                    folder + " is no finished backup: it has no file " + FILE + ".");
        }
        if (Files.size(file) > BYTES_MAX) {
            throw new BackupProblem(file + " is too large to be what it says.");
        }
        List<String> lines =
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        if (lines.size() < 3 || !lines.getFirst().equals(FIRST_LINE)) {
            throw new BackupProblem(file + " was not written by this program, or by a newer one.");
        }
        if (!lines.getLast().equals("end")) {
            throw new BackupProblem(file + " is cut off.");
        }
        try {
            return parsed(lines);
        } catch (IllegalArgumentException e) {
            throw new BackupProblem(file + " is damaged: " + e.getMessage(), e);
        }
    }

    static String time(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000).toString();
    }

    private static Manifest parsed(List<String> lines) {
        String name = "";
        long made = 0;
        List<String> heads = new ArrayList<>();
        List<Item> files = new ArrayList<>();
        List<String> elsewhere = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] words = line.split(" ", 2);
            String rest = words.length < 2 ? "" : words[1];
            switch (words[0]) {
                case "name" -> name = rest;
                case "made" -> made = Long.parseLong(rest.split(" ", 2)[0]);
                case "head" -> heads.add(rest);
                case "file" -> files.add(item(rest));
                case "elsewhere" -> elsewhere.add(rest);
                default -> throw new IllegalArgumentException("no such line: " + words[0]);
            }
        }
        return new Manifest(name, made, heads, files, elsewhere);
    }

    private static Item item(String text) {
        String[] words = text.split(" ", 3);
        // Nothing outside the folder is ever named, whoever wrote this.
        if (words.length < 3
                || !words[0].matches("[0-9a-f]{64}")
                || !words[2].matches("([A-Za-z0-9_.-]+/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*")
                || words[2].startsWith("..")) {
            throw new IllegalArgumentException("the line of a file is wrong: " + text);
        }
        return new Item(words[0], Long.parseLong(words[1]), words[2]);
    }
}
