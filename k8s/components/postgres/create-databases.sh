#!/bin/bash
# Makes one database and one role of the same name for each service; none can connect to another's.
# PostgreSQL's image runs it once, on an empty data directory. Each password comes from the file of its name in
# /run/secrets/feira (Kubernetes) or from the environment variable of its name (compose).
set -euo pipefail

create() { # DATABASE VARIABLE
  local file="/run/secrets/feira/$2" password
  if [[ -r $file ]]; then password=$(<"$file"); else password=${!2:-}; fi
  [[ -n $password ]] || { echo "no password for the database $1: $2 is empty; run ./feira secrets" >&2; exit 1; }
  # \getenv keeps the password off the command line
  FEIRA_NEW_PASSWORD=$password psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --no-password \
    --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" --set name="$1" <<'SQL'
\getenv password FEIRA_NEW_PASSWORD
SET log_statement = 'none';
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
  echo "created the database $1"
}

create gateway FEIRA_DB_PASSWORD_GATEWAY
create catalog FEIRA_DB_PASSWORD_CATALOG
create orders FEIRA_DB_PASSWORD_ORDERS
create users FEIRA_DB_PASSWORD_USERS
create payments FEIRA_DB_PASSWORD_PAYMENTS

# Nor to the databases that PostgreSQL brings
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --no-password --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
SQL
