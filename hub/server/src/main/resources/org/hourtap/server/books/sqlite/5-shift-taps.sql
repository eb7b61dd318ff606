-- Whether a card began or ended a shift after a tap that comes late.
CREATE INDEX tap_shift_of_card ON tap (book_id, card, counter)
    WHERE counter IS NOT NULL AND kind IN ('SHIFT_IN', 'SHIFT_OUT')
