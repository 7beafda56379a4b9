#!/usr/bin/env bash
# Lets a real API server of Kubernetes admit the manifests (server-side dry run). Needs Go, kubectl and openssl; builds etcd and kube-apiserver from
# their Go modules the first time, which takes some ten minutes, and keeps them in .engines/kubernetes-api. Listens on 127.0.0.1 alone.
set -euo pipefail
cd "$(dirname "$0")/../.."

kubernetes=1.36.1
etcd=3.6.13
place=$PWD/.engines/kubernetes-api
etcd_port=23790 etcd_peer_port=23800 api_port=26443
export GOFLAGS=-mod=mod
mkdir -p "$place"

# The modules of Kubernetes depend on each other by folders of its repository: here they are the ones that were published with it.
build_api_server() {
  local source parts
  mkdir -p "$place/api" && cd "$place/api"
  printf 'module api\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v%s\n' "$kubernetes" > go.mod
  source=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  parts=$(grep -oE '^\s+k8s\.io/[a-z-]+ => \./staging' "$source/go.mod" | awk '{ print $1 }')
  for part in $parts; do echo "replace $part => $part v0${kubernetes#1}"; done >> go.mod
  printf 'package main\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n\nfunc main() {}\n' > main.go
  go build -o ../kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
}

build_etcd() {
  mkdir -p "$place/store" && cd "$place/store"
  printf 'module store\n\ngo 1.26.0\n\nrequire go.etcd.io/etcd/server/v3 v%s\n' "$etcd" > go.mod
  printf 'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n' > main.go
  go build -o ../etcd .
}

[ -x "$place/etcd" ] || (build_etcd)
[ -x "$place/kube-apiserver" ] || (build_api_server)

data=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null; wait; rm -rf "$data"' EXIT
token=$(openssl rand -hex 16)
openssl genrsa -out "$data/key" 2048 2> /dev/null
openssl rsa -in "$data/key" -pubout -out "$data/key.pub" 2> /dev/null
(umask 077 && echo "$token,admin,admin,system:masters" > "$data/tokens.csv")
"$place/etcd" --data-dir "$data/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
  --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" > "$data/etcd.log" 2>&1 &
"$place/kube-apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" --secure-port "$api_port" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 \
  --cert-dir "$data/certificates" --service-account-key-file "$data/key.pub" --service-account-signing-key-file "$data/key" \
  --service-account-issuer https://kubernetes.default.svc --token-auth-file "$data/tokens.csv" --authorization-mode RBAC \
  --service-cluster-ip-range 10.96.0.0/16 > "$data/api.log" 2>&1 &

ask() { kubectl --server "https://127.0.0.1:$api_port" --insecure-skip-tls-verify --token "$token" "$@"; }
for second in $(seq 60); do
  ask get --raw /readyz > /dev/null 2>&1 && break
  [ "$second" -lt 60 ] || { tail -n 5 "$data/api.log"; exit 1; }
  sleep 1
done

for overlay in dev prod; do
  kubectl kustomize "deploy/kubernetes/overlays/$overlay" > "$data/$overlay.yaml"
  # Objects can be tried only in a namespace that is there, with the rules for its pods.
  ask apply --filename deploy/kubernetes/base/namespace.yaml > /dev/null
  admitted=$(ask apply --dry-run=server --filename "$data/$overlay.yaml")
  echo "$overlay: $(echo "$admitted" | wc -l) objects are admitted by Kubernetes $kubernetes"
done
