package org.hourtap.ledger;

import org.hourtap.contract.BookId;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.VenueId;

/// Which account, in which book.
///
/// @param owner the id of the member, venue, pot, group, partner or other book; empty for a kind a
///   book has one of
public record AccountId(BookId book, AccountKind kind, String owner) {
    public AccountId {
        if (kind.isSingle() != owner.isEmpty()) {
            throw new IllegalArgumentException(
                    "account "
                            + kind
                            + (kind.isSingle() ? " has no owner" : " needs an owner")
                            + ", not '"
                            + owner
                            + "'");
        }
    }

    public static AccountId issuance(BookId book) {
        return new AccountId(book, AccountKind.ISSUANCE, "");
    }

    public static AccountId suspense(BookId book) {
        return new AccountId(book, AccountKind.SUSPENSE, "");
    }

    public static AccountId retired(BookId book) {
        return new AccountId(book, AccountKind.RETIRED, "");
    }

    public static AccountId of(BookId book, MemberId member) {
        return new AccountId(book, AccountKind.MEMBER, member.value());
    }

    public static AccountId of(BookId book, VenueId venue) {
        return new AccountId(book, AccountKind.VENUE, venue.value());
    }

    public static AccountId payers(BookId book) {
        return new AccountId(book, AccountKind.PAYERS, "");
    }

    public static AccountId banked(BookId book) {
        return new AccountId(book, AccountKind.BANKED, "");
    }

    /// @return where a venue's cash is recorded
    public static AccountId till(BookId book, VenueId venue) {
        return new AccountId(book, AccountKind.TILL, venue.value());
    }

    /// @return what `here` keeps about `there`
    public static AccountId mirror(BookId here, BookId there) {
        return new AccountId(here, AccountKind.MIRROR, there.value());
    }

    /// The reverse of [#name()].
    ///
    /// @throws IllegalArgumentException with a sentence if nobody writes an account like that
    public static AccountId parse(BookId book, String name) {
        int colon = name.indexOf(':');
        String kind = colon < 0 ? name : name.substring(0, colon);
        for (AccountKind known : AccountKind.values()) {
            if (known.name().equals(kind)) {
                return new AccountId(book, known, colon < 0 ? "" : name.substring(colon + 1));
            }
        }
        throw new IllegalArgumentException(
                "There is no kind of account called '"
                        + kind
                        + "'. Write MEMBER:ann, for example.");
    }

    /// @return the account as people write it, without the book: `MEMBER:ann` or `ISSUANCE`
    public String name() {
        return owner.isEmpty() ? kind.name() : kind.name() + ":" + owner;
    }

    @Override
    public String toString() {
        return book + "/" + name();
    }
}
