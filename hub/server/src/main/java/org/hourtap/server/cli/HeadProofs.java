package org.hourtap.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.hourtap.contract.SignedHead;
import org.hourtap.server.books.Bundle;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.hourtap.server.books.Sql;
import org.hourtap.server.certificates.HeadKey;
import org.jspecify.annotations.Nullable;

/// Signed heads that an auditor brought along, and the key they have to be signed with.
///
/// @param key absent if there is none to check with
record HeadProofs(@Nullable PublicKey key, List<SignedHead> heads) {
    /// A head a day for a hundred years, with room.
    private static final long FILE_BYTES_MAX = 16 << 20;

    /// @throws IllegalArgumentException with a sentence, if a file is not what it should be
    static HeadProofs read(@Nullable Path keyFile, @Nullable Path headFile) {
        if (headFile != null && keyFile == null) {
            throw new IllegalArgumentException(
                    "--head-file needs --key: without the hub's public key anyone could have"
                            + " written it.");
        }
        PublicKey key = null;
        try {
            key = keyFile == null ? null : HeadKey.readPublic(keyFile);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "There is no public key of a hub in " + keyFile + ": " + e.getMessage(), e);
        }
        List<SignedHead> heads = new ArrayList<>();
        if (headFile != null) {
            for (String line : lines(headFile)) {
                heads.add(SignedHead.parse(line));
            }
            if (heads.isEmpty()) {
                throw new IllegalArgumentException("There is no signed head in " + headFile + ".");
            }
        }
        return new HeadProofs(key, List.copyOf(heads));
    }

    /// @return whether the journal holds every head, and each is signed with the key; and if it is
    ///   a bundle, whether its own is signed with the key and is its last
    boolean hold(Sql sql, List<Verdict> verdicts, Consumer<String> say) throws SQLException {
        boolean holds = true;
        for (SignedHead head : heads) {
            boolean isSigned = isSigned(head, say);
            boolean isThere = ChainCheck.holds(sql, head.head());
            say.accept((isThere ? "is in the journal: " : "IS NOT IN THE JOURNAL: ") + head.line());
            holds &= isSigned && isThere;
        }
        String bundled = Bundle.headIn(sql).orElse(null);
        if (bundled != null) {
            return isOfBundle(bundled, verdicts, say) && holds;
        }
        if (key != null && heads.isEmpty()) {
            say.accept(
                    "NOTHING HERE IS SIGNED: this is no bundle, and there is no head to check with"
                            + " the key. Give one with --head-file.");
            return false;
        }
        return holds;
    }

    private boolean isOfBundle(String line, List<Verdict> verdicts, Consumer<String> say) {
        SignedHead head;
        try {
            head = SignedHead.parse(line);
        } catch (IllegalArgumentException e) {
            say.accept(String.valueOf(e.getMessage()));
            return false;
        }
        if (key == null) {
            say.accept("A bundle proves nothing without the hub's public key. Give it with --key.");
            return false;
        }
        boolean isSigned = isSigned(head, say);
        boolean isLast = verdicts.size() == 1 && verdicts.getFirst().head().equals(head.head());
        say.accept(
                isLast
                        ? "the bundle is what the hub signed on " + head.at()
                        : "THE BUNDLE DOES NOT END WITH ITS SIGNED HEAD: " + head.line());
        return isSigned && isLast;
    }

    private boolean isSigned(SignedHead head, Consumer<String> say) {
        boolean isSigned = key != null && HeadKey.isSigned(key, head);
        if (!isSigned) {
            say.accept("NOT SIGNED WITH THIS KEY: " + head.line());
        }
        return isSigned;
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new IOException("it is too large for that");
            }
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "There are no signed heads to read in " + file + ": " + e.getMessage(), e);
        }
    }
}
