-- One schema holds the cases of one agreement. The tables are those of SQLite; texts sort by code point.
create table meta (
    name text primary key,
    value text not null
);

insert into meta values ('schema', '1');

create table log (
    seq bigint primary key,
    at text not null,
    kind text not null,
    case_id text not null,
    data text not null,
    previous text not null,
    hash text not null
);
create index log_of_a_case on log (case_id, seq);
create function log_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only';
end $$;
create trigger log_is_not_changed before update or delete or truncate on log
for each statement execute function log_is_append_only();

create table texts (
    hash text primary key,
    case_id text not null,
    salt text,
    text text
);
create index texts_of_a_case on texts (case_id);

create table cases (
    id text primary key,
    rule text not null,
    about text not null,
    state text not null,
    severity text not null,
    is_open integer not null,
    revision bigint not null,
    seq bigint not null references log,
    number bigint not null,
    data text not null
);
create unique index one_open_case on cases (rule, about) where is_open = 1;
create index cases_by_seq on cases (seq);
create index cases_by_number on cases (number);

create table outbox (
    seq bigint primary key references log,
    routed integer not null default 0
);
create index outbox_unrouted on outbox (seq) where routed = 0;
create table messages (
    number bigint generated always as identity primary key,
    id text not null unique,
    channel text not null,
    state text not null,
    tries integer not null default 0,
    again text,
    why text not null default ''
);
create index messages_by_state on messages (state, channel);
create table parts (
    message text not null references messages (id),
    number integer not null,
    payload text not null,
    receipt text,
    primary key (message, number)
);
create table deliveries (
    seq bigint not null references outbox,
    channel text not null,
    message text references messages (id),
    primary key (seq, channel)
);
create index deliveries_waiting on deliveries (channel, seq) where message is null;
create index deliveries_of_a_message on deliveries (message);
