-- An account is closed, never deleted, and its number means the same account for ever.
CREATE TRIGGER account_remains BEFORE DELETE ON account
BEGIN
    SELECT RAISE(ABORT, 'an account is closed, not deleted: its transfers name it');
END
--;;
CREATE TRIGGER account_stays BEFORE UPDATE OF book_id, number, kind, owner ON account
BEGIN
    SELECT RAISE(ABORT, 'an account keeps its number and its name: its transfers name it');
END
