package org.hourtap.contract;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A tap that a card brought along from another terminal.
///
/// @param record a [CardRecord] as it was read, 64 hexadecimal digits; kept as it came, because a
///   record that nobody understands is still a fact
/// @param mac the transaction MAC of exactly this record, 16 hexadecimal digits. A card keeps only
///   that of its newest tap, so older ones have none
public record CarriedTap(String record, @Nullable String mac) {
    public CarriedTap {
        if (!record.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a card record is 64 hexadecimal digits");
        }
        CardStamp.requireMac(mac);
    }

    public static CarriedTap of(CardRecord record, @Nullable String mac) {
        return new CarriedTap(HexFormat.of().formatHex(record.bytes()), mac);
    }

    /// @throws MalformedMessageException if the bytes are no record of ours
    public CardRecord parsed() throws MalformedMessageException {
        return CardRecord.parse(HexFormat.of().parseHex(record));
    }
}
