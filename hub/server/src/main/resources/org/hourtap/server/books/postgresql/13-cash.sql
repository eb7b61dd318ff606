-- Accounts in pence that every book has: who paid cash beside hours, and what venues handed over of
-- it. A program from before this step would not know them.
INSERT INTO account (book_id, number, kind, owner, debits, credits, last_entry, is_closed)
SELECT b.book_id, (SELECT MAX(a.number) + 1 FROM account a WHERE a.book_id = b.book_id),
    'PAYERS', '', 0, 0, 0, 0 FROM book b
--;;
INSERT INTO account (book_id, number, kind, owner, debits, credits, last_entry, is_closed)
SELECT b.book_id, (SELECT MAX(a.number) + 1 FROM account a WHERE a.book_id = b.book_id),
    'BANKED', '', 0, 0, 0, 0 FROM book b
