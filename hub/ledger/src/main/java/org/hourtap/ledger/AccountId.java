package org.hourtap.ledger;

import org.hourtap.contract.BookId;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.VenueId;

/// Which account, in which book.
///
/// @param owner the member's, venue's or pot's id; empty for a kind a book has one of
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

    /// @return the account as people write it, without the book: `MEMBER:ann` or `ISSUANCE`
    public String name() {
        return owner.isEmpty() ? kind.name() : kind.name() + ":" + owner;
    }

    @Override
    public String toString() {
        return book + "/" + name();
    }
}
