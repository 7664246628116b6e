-- The User-Agent of the request that began the sign-in, for the list of one's sign-ins; null before this version.
set local lock_timeout = '300ms';
alter table authorizations add column device text;
