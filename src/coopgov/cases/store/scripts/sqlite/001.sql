-- One store holds the cases of one agreement.
create table meta (
    name text primary key not null,       -- agreement, first_day, last_day, rules, …
    value text not null                   -- JSON
) without rowid;

insert into meta values ('schema', '1');

create table log (                        -- append-only; each row is chained to the one before it
    seq integer primary key not null,     -- from 1, without a gap
    at text not null,
    kind text not null,                   -- change, notice, redact
    case_id text not null,                -- or empty
    data text not null,                   -- JSON in canonical form, free texts as salted hashes
    previous text not null,
    hash text not null
);
create index log_of_a_case on log (case_id, seq);
create trigger log_is_not_updated before update on log
begin select raise(abort, 'the log is append-only'); end;
create trigger log_is_not_deleted before delete on log
begin select raise(abort, 'the log is append-only'); end;
create trigger log_has_no_gap before insert on log
when new.seq <> (select coalesce(max(seq), 0) + 1 from log)
begin select raise(abort, 'the log is append-only'); end;

create table texts (                      -- free texts, apart from the log so that they can be redacted
    hash text primary key not null,       -- SHA-256 of salt and text, which the log holds
    case_id text not null,
    salt text,                            -- null once redacted
    text text                             -- JSON; null once redacted
) without rowid;
create index texts_of_a_case on texts (case_id);

create table cases (
    id text primary key not null,
    rule text not null,
    about text not null,
    state text not null,                  -- these columns are for queries; data is what counts
    severity text not null,
    is_open integer not null,
    revision integer not null,
    seq integer not null references log,  -- the row of the log that vouches for data
    number integer not null,              -- the order in which they began
    data text not null                    -- JSON in canonical form, free texts as salted hashes
) without rowid;
create unique index one_open_case on cases (rule, about) where is_open = 1;
create index cases_by_seq on cases (seq);
create index cases_by_number on cases (number);

create table outbox (                     -- notices on their way
    seq integer primary key not null references log,
    routed integer not null default 0     -- 1 once its channels are decided
);
create index outbox_unrouted on outbox (seq) where routed = 0;
create table messages (
    number integer primary key not null,  -- the order in which they were formed
    id text not null unique,
    channel text not null,
    state text not null,                  -- pending, delivered, undeliverable
    tries integer not null default 0,
    again text,                           -- in UTC; not tried before
    why text not null default ''
);
create index messages_by_state on messages (state, channel);
create table parts (
    message text not null references messages (id),
    number integer not null,
    payload text not null,
    receipt text,                         -- null until delivered
    primary key (message, number)
) without rowid;
create table deliveries (                 -- one notice at one channel
    seq integer not null references outbox,
    channel text not null,
    message text references messages (id),  -- null while it waits
    primary key (seq, channel)
) without rowid;
create index deliveries_waiting on deliveries (channel, seq) where message is null;
create index deliveries_of_a_message on deliveries (message);
