-- The trace that a step belongs to, as the header traceparent of W3C Trace Context; each attempt continues it, in any replica.
set local lock_timeout = '300ms'; -- orders wait behind this lock, so it must not wait for long; then it is tried again
alter table saga_steps add column traceparent text;
