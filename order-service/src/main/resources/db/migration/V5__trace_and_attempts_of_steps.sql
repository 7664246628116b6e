-- The trace that a step belongs to, as the header traceparent of W3C Trace Context; each attempt continues it, in any replica.
set local lock_timeout = '300ms'; -- orders wait behind this lock, so it must not wait for long; then it is tried again
alter table saga_steps
    add column traceparent text,
    add column claimed_at  timestamptz, -- when the last attempt began
    add column finished_by text;        -- the replica that recorded the result

-- Attempts without a result, for people who ask why an order took long. A step that succeeds at once has none. The 21st and all
-- later ones share a row. No reference to orders: its check would lock the order after the step, and others lock the order first.
create table saga_attempts (
    order_id     uuid        not null,
    step         text        not null,
    attempt      integer     not null,
    last_attempt integer     not null,
    outcome      text        not null,
    replica      text,
    began_at     timestamptz not null,
    ended_at     timestamptz not null,
    error        text        not null,
    primary key (order_id, step, attempt)
);
