#!/bin/bash
# Creates or updates a connector from a KafkaConnector resource, without Strimzi: register-connector.sh URL FILE
# The lines of config are JSON; the class and the number of tasks join them.
set -euo pipefail
url=$1 file=$2
name=$(sed -n 's/^  name: //p' "$file" | head -n 1)
class=$(sed -n 's/^  class: //p' "$file")
sed -n '/^  config: {$/,/^  }$/p' "$file" |
  sed "1s/.*/{ \"connector.class\": \"$class\", \"tasks.max\": \"1\",/" |
  curl --fail-with-body --silent --show-error --retry 5 --retry-connrefused --max-time 60 --request PUT --header 'Content-Type: application/json' \
    --data-binary @- "$url/connectors/$name/config"
