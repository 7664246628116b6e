-- Repeated requests that got the first response again.
set local lock_timeout = '300ms'; -- orders wait behind this lock, so it must not wait for long; then it is tried again
alter table idempotency_keys
    add column replays        integer not null default 0,
    add column last_replay_at timestamptz;
