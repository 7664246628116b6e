-- Tells other services about the accounts that exist before the feed does. After V6, which locks the accounts: this may take long.
-- The time is now, since old events are deleted.
insert into outbox (id, aggregatetype, aggregateid, type, payload, occurred_at, epoch)
select gen_random_uuid(), 'user', u.id::text, 'user.registered.v1', account_event_data(u), now(),
       (select max(number) from outbox_epochs)
  from users u
 where not exists (select from outbox o where o.aggregatetype = 'user' and o.aggregateid = u.id::text)
 order by u.created_at, u.id
   for share of u;   -- a change that has begun comes first, and has its own event
