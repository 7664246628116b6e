#!/bin/bash
# Makes the role debezium, and in each database its publication of the outbox: create-publication.sh DATABASE...
# Waits for a table that the service has not created yet. May be run again; it also sets the role's password again.
# PGHOST, PGUSER and PGPASSWORD name the server and its superuser; FEIRA_DB_PASSWORD_DEBEZIUM is the role's password.
set -euo pipefail
: "${FEIRA_DB_PASSWORD_DEBEZIUM:?no password for the role debezium}"
folder=$(dirname "$0")

sql() { psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --no-password --tuples-only --dbname "$@"; }

until sql postgres <<'SQL'; do echo 'waiting for PostgreSQL'; sleep 2; done
\getenv password FEIRA_DB_PASSWORD_DEBEZIUM
SELECT 'CREATE ROLE debezium LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'debezium') \gexec
SELECT format('ALTER ROLE debezium PASSWORD %L', :'password') \gexec
SQL

for database in "$@"; do
  until [[ $(sql "$database" -c "SELECT to_regclass('public.outbox') IS NOT NULL" --no-align) == t ]]; do
    echo "waiting for the outbox of the database $database"
    sleep 2
  done
  sql postgres --set database="$database" <<<'GRANT CONNECT ON DATABASE :"database" TO debezium;'
  sql "$database" --file "$folder/publication.sql"
  echo "the outbox of the database $database is published"
done
