#!/bin/bash
# Creates one database and one role of the same name for each service; no role can connect to another database. Existing ones
# stay unchanged, so it may be run again after an interrupted first start.
# PostgreSQL's image runs it once, on an empty data directory. Each password comes from the file of its name in
# /run/secrets/feira (Kubernetes) or from the environment variable of its name (compose, by hand). Elsewhere psql's own
# variables (PGHOST, PGUSER, PGPASSWORD) name the server.
set -euo pipefail

sql() {
  local user=()
  if [[ -n ${POSTGRES_PASSWORD:-}${POSTGRES_PASSWORD_FILE:-} ]]; then user=(--username "${POSTGRES_USER:-postgres}"); fi
  psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --no-password --tuples-only "${user[@]}" --dbname postgres "$@"
}

password() { # VARIABLE
  local file="/run/secrets/feira/$1"
  if [[ -r $file ]]; then cat "$file"; else printf %s "${!1:-}"; fi
}

create() { # DATABASE VARIABLE
  local password
  password=$(password "$2")
  [[ -n $password ]] || { echo "no password for the database $1: $2 is empty; run ./feira secrets" >&2; exit 1; }
  # \getenv keeps the password off the command line
  FEIRA_NEW_PASSWORD=$password sql --set name="$1" <<'SQL'
\getenv password FEIRA_NEW_PASSWORD
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD %L', :'name', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
  echo "the database $1 is there"
}

create gateway FEIRA_DB_PASSWORD_GATEWAY
create catalog FEIRA_DB_PASSWORD_CATALOG
create orders FEIRA_DB_PASSWORD_ORDERS
create users FEIRA_DB_PASSWORD_USERS
create notifications FEIRA_DB_PASSWORD_NOTIFICATIONS
if [[ -n $(password FEIRA_DB_PASSWORD_PAYMENTS) ]]; then # not without the simulator
  create payments FEIRA_DB_PASSWORD_PAYMENTS
fi

# No role can connect to PostgreSQL's own databases either
sql <<'SQL'
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
SQL
