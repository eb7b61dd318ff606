package org.hourtap.server.books;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Instance.Wanted;

/// Which hub should have which book. Every hub reckons that for itself from the same rows and comes
/// to the same, so that none has to be asked; where they differ for a moment, because one has not
/// seen another yet, the leases keep them apart.
final class Contention {
    private static final Comparator<BookId> ORDER = Comparator.comparing(BookId::value);

    private Contention() {}

    /// What a hub is to do now.
    ///
    /// @param take books whose hub is gone, or that nobody has
    /// @param giveBack books another hub should have
    record Moves(Set<BookId> take, Set<BookId> giveBack) {}

    /// @param me this hub, which is among the living
    /// @param held the books it holds
    /// @param holders each book there is, with the hub in its lease; empty if it was given back
    /// @param living each hub that lives, with what it wants
    static Moves decide(
            String me, Set<BookId> held, Map<BookId, String> holders, Map<String, Wanted> living) {
        Map<BookId, String> should = assign(holders, living);
        Set<BookId> take = new HashSet<>();
        Set<BookId> giveBack = new HashSet<>();
        should.forEach((book, hub) -> {
            String holder = holders.getOrDefault(book, "");
            // A lease of our own that we do not hold is from before a restart.
            boolean isFree = !living.containsKey(holder) || holder.equals(me);
            if (hub.equals(me) && !held.contains(book) && isFree) {
                take.add(book);
            } else if (!hub.equals(me) && held.contains(book)) {
                giveBack.add(book);
            }
        });
        return new Moves(take, giveBack);
    }

    /// Everyone keeps what they have, what nobody has goes to whoever has least, and then whoever
    /// has two more than another gives one of them to it. So nobody who wants all has more than
    /// their share, rounded up, and no book moves without need.
    ///
    /// @return the hub that should have it, for each book that any living hub wants
    static Map<BookId, String> assign(Map<BookId, String> holders, Map<String, Wanted> living) {
        Map<String, NavigableSet<BookId>> shares = new TreeMap<>();
        living.keySet().forEach(hub -> shares.put(hub, new TreeSet<>(ORDER)));
        List<BookId> books = holders.keySet().stream().sorted(ORDER).toList();
        TreeSet<BookId> free = new TreeSet<>(ORDER);
        for (BookId book : books) {
            String holder = holders.getOrDefault(book, "");
            Wanted wanted = living.get(holder);
            NavigableSet<BookId> share = shares.get(holder);
            if (wanted != null && share != null && wanted.includes(book)) {
                share.add(book);
            } else {
                free.add(book);
            }
        }
        for (BookId book : free) {
            shares.entrySet().stream()
                    .filter(hub -> wants(living, hub.getKey(), book))
                    .min(Comparator.comparingInt(hub -> hub.getValue().size()))
                    .ifPresent(hub -> hub.getValue().add(book));
        }
        // Each round brings two shares closer, so there cannot be more than this.
        for (int i = 0; i < books.size() * shares.size() && levelled(shares, living); i++) {}
        Map<BookId, String> should = new HashMap<>();
        shares.forEach((hub, share) -> share.forEach(book -> should.put(book, hub)));
        return should;
    }

    /// @return whether a book went from one to another
    private static boolean levelled(
            Map<String, NavigableSet<BookId>> shares, Map<String, Wanted> living) {
        List<Map.Entry<String, NavigableSet<BookId>>> fullestFirst =
                shares.entrySet().stream()
                        .sorted(
                                Comparator.comparingInt(
                                        (Map.Entry<String, NavigableSet<BookId>> hub) ->
                                                -hub.getValue().size()))
                        .toList();
        for (Map.Entry<String, NavigableSet<BookId>> from : fullestFirst) {
            for (Map.Entry<String, NavigableSet<BookId>> to : fullestFirst.reversed()) {
                if (from.getValue().size() < to.getValue().size() + 2) {
                    break;
                }
                Optional<BookId> moving =
                        from.getValue().descendingSet().stream()
                                .filter(book -> wants(living, to.getKey(), book))
                                .findFirst();
                if (moving.isPresent()) {
                    from.getValue().remove(moving.get());
                    to.getValue().add(moving.get());
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean wants(Map<String, Wanted> living, String hub, BookId book) {
        Wanted wanted = living.get(hub);
        return wanted != null && wanted.includes(book);
    }
}
