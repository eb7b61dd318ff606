-- An account is closed, never deleted, and its number means the same account for ever.
CREATE FUNCTION account_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account is closed, not deleted, and keeps its number and its name';
END
$$
--;;
CREATE TRIGGER account_remains BEFORE DELETE ON account
    FOR EACH ROW EXECUTE FUNCTION account_is_for_ever()
--;;
CREATE TRIGGER account_stays BEFORE UPDATE OF book_id, number, kind, owner ON account
    FOR EACH ROW EXECUTE FUNCTION account_is_for_ever()
--;;
CREATE TRIGGER account_is_kept BEFORE TRUNCATE ON account
    FOR EACH STATEMENT EXECUTE FUNCTION account_is_for_ever()
--;;
-- So there is nothing left that these could find: the one writer of a book has an account's number
-- from its row, and rows stay. Looking them up for each transfer was a third of its price.
ALTER TABLE transfer DROP CONSTRAINT transfer_book_id_debit_fkey
--;;
ALTER TABLE transfer DROP CONSTRAINT transfer_book_id_credit_fkey
--;;
-- Balances change all the time. With room in its page for the next version of a row, no index has
-- to change with it.
ALTER TABLE account SET (fillfactor = 30)
