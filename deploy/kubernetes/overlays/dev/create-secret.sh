#!/bin/sh
# Makes up the engines' password, and the key of the secrets in the books, in the cluster that kubectl uses, unless it is there already. Nothing is written to a file.
set -eu
kubectl create namespace kontor --dry-run=client --output=yaml | kubectl apply --filename=-
if kubectl --namespace kontor get secret kontor-engines kontor-addresses > /dev/null 2>&1; then exit 0; fi
password=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n')
key=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n')
# Through standard input: arguments of a program can be read by everybody on this machine.
kubectl apply --filename=- << SECRETS
apiVersion: v1
kind: Secret
metadata:
  name: kontor-engines
  namespace: kontor
stringData:
  password: $password
---
apiVersion: v1
kind: Secret
metadata:
  name: kontor-addresses
  namespace: kontor
stringData:
  SECRETS_KEY: secrets-in-the-books-of-kontor-dev-$key
  STATE_URL: postgres://kontor:$password@postgres:5432/kontor
  STREAM_TRADES_URL: amqp://kontor:$password@rabbitmq:5672
SECRETS
