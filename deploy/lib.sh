# shellcheck shell=bash
# What deploy/up, deploy/down, deploy/demo and tests/run share. Source it from a script that has set
# `set -euo pipefail`. Everything made at run time is below $RUN, nothing else is written; the folder
# is private to its user (0700). It is .run/ of the checkout; a test that starts its own suite beside
# it sets ALLIANCE_RUN (a folder) and ALLIANCE_PORT_BASE (a number, see below).

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
RUN=${ALLIANCE_RUN:-$ROOT/.run}
case $RUN$ROOT in
  *[[:space:]\"\'\\\&\|]*)
    printf 'the path of this checkout holds a blank, quote, backslash, & or |: move it\n' >&2
    exit 1
    ;;
esac
[ "${RUN:0:1}" = / ] || { printf 'ALLIANCE_RUN=%s: give an absolute path\n' "$RUN" >&2; exit 1; }
SERVICES=(filing review evaluation subsidy gateway)
SCHEMAS=("${SERVICES[@]}")
# shellcheck disable=SC2034 # used by deploy/up
FIRMS=(LNPJ-01 LNPJ-02 LNPJ-03)
PRESET=release
export LC_ALL=C.UTF-8

# Messages --------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
# The usage text of a script: its comment block from line 2 on.
usage() { awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$0"; exit "${1:-0}"; }

seconds_since() { # START: "1.2", from a start in microseconds as ${EPOCHREALTIME/./} gives it
  local tenths=$(((${EPOCHREALTIME/./} - $1) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# step TEXT COMMAND…: runs the command and says how long it took; on failure says so, with the reason
# that the command left in WHY, and returns 1.
WHY=
step() {
  local text=$1 start=${EPOCHREALTIME/./}
  shift
  WHY=
  printf '  %-44s' "$text"
  if "$@"; then
    printf ' %6s s\n' "$(seconds_since "$start")"
  else
    printf ' failed\n'
    [ -z "$WHY" ] || printf '  %s\n' "$WHY" >&2
    return 1
  fi
}

# Packages --------------------------------------------------------------------------------------------

packages_of() { # SECTION…: the names in those sections of deploy/packages.txt
  awk -v wanted=" $* " '
    { sub(/#.*/, ""); gsub(/[ \t]+/, "") }
    /^\[.*\]$/ { section = substr($0, 2, length($0) - 2); next }
    $0 != "" && index(wanted, " " section " ") { print }' "$ROOT/deploy/packages.txt"
}

missing_packages() { # NAME…: those that are not installed
  local installed name
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p' || true)
  for name in "$@"; do
    grep -qxF -- "$name" <<<"$installed" || printf '%s\n' "$name"
  done
}

# Installs what is missing of the given sections. Says nothing when nothing is.
install_packages() { # SECTION…
  local -a wanted missing root=()
  command -v dpkg-query >/dev/null ||
    die "this is not a Debian system: install what deploy/packages.txt lists, then use --no-install"
  mapfile -t wanted < <(packages_of "$@")
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    root=(sudo -n)
    "${root[@]}" true 2>/dev/null ||
      die "missing packages (${missing[*]}) and neither root nor password-less sudo to install them"
  fi
  say "Installing ${#missing[@]} packages of deploy/packages.txt (the first time takes a few minutes)"
  make_run_folder
  local log=$RUN/log/install.log
  # A proxy or mirror may hiccup once in hundreds of downloads: retried. No service is started.
  local -a apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
  : >"$log"
  step "apt-get update" quietly "$log" "${apt[@]}" update || { tail -n 5 "$log" >&2; return 1; }
  step "apt-get install" quietly_with_progress "$log" '^(Get|Unpacking|Setting up)' \
    "${apt[@]}" install --no-install-recommends "${missing[@]}" || {
    grep -E '^(E|W):' "$log" | tail -n 5 >&2
    say "  (whole output: $log)" >&2
    return 1
  }
}

# Programs of the section [tools] go to build/tools/usr/bin. Neither root nor a running system is
# touched.
unpack_tools() {
  local tools=$ROOT/build/tools name
  mkdir -p "$tools"
  make_run_folder
  for name in $(packages_of tools); do
    [ -e "$tools/.$name" ] && continue
    step "unpack $name" quietly "$RUN/log/tools.log" unpack_tool "$name" "$tools" || {
      tail -n 3 "$RUN/log/tools.log" >&2
      return 1
    }
  done
}

unpack_tool() { # NAME FOLDER
  local folder
  folder=$(mktemp -d -p "$2")
  (cd "$folder" && apt-get -q download "$1") && dpkg-deb -x "$folder/$1"_*.deb "$2" && touch "$2/.$1"
  local status=$?
  rm -rf "$folder"
  return "$status"
}

# Quiet commands --------------------------------------------------------------------------------------

quietly() { # LOG COMMAND…
  local log=$1
  shift
  "$@" >>"$log" 2>&1
}

# quietly_with_progress LOG PATTERN COMMAND…: output goes to LOG. On a terminal the newest line that
# matches PATTERN is shown; otherwise a dot every 10 seconds says that it is alive.
quietly_with_progress() {
  local log=$1 pattern=$2 line shown=$SECONDS
  shift 2
  "$@" 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    [[ $line =~ $pattern ]] || continue
    if [ -t 1 ]; then
      printf '\0337 %.50s\033[K\0338' "$line"
    elif ((SECONDS - shown >= 10)); then
      printf '.'
      shown=$SECONDS
    fi
  done
  local status=${PIPESTATUS[0]}
  [ -t 1 ] && printf '\033[K'
  return "$status"
}

# Build -----------------------------------------------------------------------------------------------

# Configures (only when never done) and builds TARGET…, all of them when none is given. One build of
# a folder at a time: the second waits, then finds little to do.
build() { # PRESET TARGET…
  mkdir -p "$ROOT/build"
  # ccache writes to the home folder unless told otherwise; nothing is written outside the checkout.
  export CCACHE_DIR=${CCACHE_DIR:-$ROOT/build/ccache}
  # A precompiled header of 150 MB is hashed once, not for every file that uses it.
  export CCACHE_INODECACHE=true
  local lock
  exec {lock}>"$ROOT/build/$1.lock"
  flock "$lock"
  local status=0
  build_locked "$@" || status=$?
  exec {lock}>&-
  return "$status"
}

build_locked() {
  local preset=$1 folder=$ROOT/build/$1
  shift
  local log=$RUN/log/build.log
  make_run_folder
  : >"$log"
  if [ ! -f "$folder/build.ninja" ]; then
    step "configure ($preset)" quietly "$log" cmake -S "$ROOT" --preset "$preset" || {
      tail -n 20 "$log" >&2
      say "  (whole output: $log)" >&2
      return 1
    }
  fi
  step "build ($preset)" quietly_with_progress "$log" '^\[' \
    cmake --build "$folder" --parallel "$(nproc)" ${1:+--target "$@"} || {
    grep -E -A 12 'FAILED:|error:|undefined reference|No space' "$log" | head -n 40 >&2 ||
      tail -n 20 "$log" >&2
    say "  (whole output: $log)" >&2
    return 1
  }
}

# Names of the targets that deploy/up needs: every service that has a main, and alliancectl.
binary_targets() {
  local service
  for service in "${SERVICES[@]}" ctl; do
    [ -f "$ROOT/services/$service/main.cc" ] && printf 'alliance_%s_bin\n' "$service"
  done
}

bin() { printf '%s/build/%s/bin/%s' "$ROOT" "$PRESET" "$1"; }
ctl() { (cd "$RUN" && "$(bin alliancectl)" --config "$RUN/config/ctl.textproto" "$@"); }

# The run folder --------------------------------------------------------------------------------------

make_run_folder() {
  mkdir -p "$RUN"
  chmod 700 "$RUN"
  mkdir -p "$RUN"/{db,ca,keys,secrets,config,log,pid,checkpoints,papers}
}

# One deploy script at a time per checkout. Children must not inherit the lock: start them with 9>&-.
lock_run_folder() {
  exec 9>"$RUN/lock"
  flock -n 9 || die "another deploy/up or deploy/down of this checkout is at work"
}

# The socket's path may have 107 bytes at most. In a deeper checkout it is given relative to .run/,
# where every process of ours is started.
socket_path() {
  local path=$RUN/db/mysql.sock
  if ((${#path} <= 100)); then printf '%s' "$path"; else printf 'db/mysql.sock'; fi
}

# Ports -----------------------------------------------------------------------------------------------

# ALLIANCE_PORT_BASE=N moves all ports to N … N+24, so that several checkouts can run side by side.
declare -A PORT
choose_ports() {
  local base=${ALLIANCE_PORT_BASE:-} i
  if [ -z "$base" ]; then
    PORT=([gateway_http]=8080 [gateway]=8443 [filing]=7101 [review]=7102 [evaluation]=7103
      [subsidy]=7104 [gateway_admin]=9100)
    for i in 0 1 2 3; do PORT[${SERVICES[i]}_admin]=$((9101 + i)); done
    return
  fi
  if ! [[ $base =~ ^[1-9][0-9]{3,4}$ ]] || ((base < 1024 || base > 65500)); then
    die "ALLIANCE_PORT_BASE=$base: give a number from 1024 to 65500"
  fi
  PORT=([gateway_http]=$base [gateway]=$((base + 1)) [gateway_admin]=$((base + 20)))
  for i in 0 1 2 3; do
    PORT[${SERVICES[i]}]=$((base + 11 + i))
    PORT[${SERVICES[i]}_admin]=$((base + 21 + i))
  done
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

require_free_ports() { # KEY…
  local key
  for key in "$@"; do
    if port_is_taken "${PORT[$key]}"; then
      die "port ${PORT[$key]} ($key) is taken; stop its owner or set ALLIANCE_PORT_BASE=20000"
    fi
  done
}

# Processes -------------------------------------------------------------------------------------------

pid_file() { printf '%s/pid/%s.pid' "$RUN" "$1"; }

# The pid of our running process NAME, or nothing. A pid that belongs to anything else by now (its
# command line does not name our run folder) is not ours.
running_pid() { # NAME
  local pid
  pid=$(cat "$(pid_file "$1")" 2>/dev/null) || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$RUN/" || return 1
  printf '%s' "$pid"
}

# Starts COMMAND… in the background, free of this terminal, in .run/, output to LOG.
spawn() { # NAME LOG COMMAND…
  local name=$1 log=$2
  shift 2
  (cd "$RUN" && exec setsid "$@" >>"$log" 2>&1 </dev/null 9>&-) &
  local pid=$!
  disown "$pid"
  printf '%d\n' "$pid" >"$(pid_file "$name")"
  # Until the exec the process still bears our command line; then it is either ours or gone.
  while [ -d "/proc/$pid" ] && ! running_pid "$name" >/dev/null &&
    [ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$(readlink "/proc/$$/exe")" ]; do
    sleep 0.005
  done
}

# SIGTERM, then wait; SIGKILL after the drain time. Only ever our own process.
stop() { # NAME [SECONDS]
  local name=$1 limit=$((SECONDS + ${2:-45})) pid
  if pid=$(running_pid "$name"); then
    kill -TERM "$pid" 2>/dev/null || true
    while running_pid "$name" >/dev/null; do
      if ((SECONDS >= limit)); then
        say "  $name does not stop: killed"
        kill -KILL "$pid" 2>/dev/null || true
        sleep 0.2
        break
      fi
      sleep 0.05
    done
  fi
  rm -f "$(pid_file "$name")"
}

# The private MariaDB ---------------------------------------------------------------------------------

# Every user's password is in .run/secrets/db_<user>, made once.
secret() { # NAME: prints the path of a file that holds 32 random hex digits
  local path=$RUN/secrets/$1
  if [ ! -s "$path" ]; then
    (umask 077 && openssl rand -hex 16 >"$path.new")
    mv "$path.new" "$path"
  fi
  printf '%s' "$path"
}

# Users are set again at every start, so a lost or changed password file mends itself. What a service
# and the auditor may do is granted by `alliancectl migrate` from deploy/db/grants.sql and
# services/<x>/grants.sql; the DDL user may hand that on.
write_database_users() {
  local file=$RUN/secrets/users.sql schema
  (
    umask 077
    create() { # USER HOST
      local password
      password=$(cat "$(secret "db_$1")")
      printf "CREATE USER IF NOT EXISTS '%s'@'%s';\n" "$1" "$2"
      printf "ALTER USER '%s'@'%s' IDENTIFIED BY '%s';\n" "$1" "$2" "$password"
    }
    {
      create root localhost
      create alliance_ddl %
      printf "GRANT CREATE USER ON *.* TO 'alliance_ddl'@'%%';\n"
      printf "GRANT SELECT ON mysql.* TO 'alliance_ddl'@'%%';\n"
      create alliance_audit %
      for schema in "${SCHEMAS[@]}"; do
        create "alliance_$schema" %
        printf 'CREATE DATABASE IF NOT EXISTS alliance_%s CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n' "$schema"
        printf "GRANT ALL ON alliance_%s.* TO 'alliance_ddl'@'%%' WITH GRANT OPTION;\n" "$schema"
      done
    } >"$file.new"
  )
  mv "$file.new" "$file"
}

database_answers() {
  MYSQL_PWD=$(cat "$RUN/secrets/db_alliance_audit") mariadb --no-defaults \
    --socket="$(socket_path)" --user=alliance_audit --execute='SELECT 1' >/dev/null 2>&1
}

# mariadbd: durable commits (docs/threats.md M6), short lock waits, no TCP. Ready in about 0.3 s. Its buffer
# pool is ALLIANCE_DB_MB (128), its redo log half of that.
start_database() {
  running_pid mariadb >/dev/null && return 0
  local data=$RUN/db/data log=$RUN/log/mariadb.log memory=${ALLIANCE_DB_MB:-128} user limit
  user=$(id -un)
  if [ ! -f "$data/.installed" ]; then
    rm -rf "$data"
    mkdir -p "$data"
    mariadb-install-db --no-defaults --user="$user" --datadir="$data" --skip-test-db \
      --auth-root-authentication-method=normal >"$RUN/log/mariadb-install.log" 2>&1 || {
      WHY=$(tail -n 1 "$RUN/log/mariadb-install.log")
      return 1
    }
    touch "$data/.installed"
  fi
  write_database_users
  : >"$log"
  # Paths that are not absolute are taken relative to the data folder.
  local socket
  socket=$(socket_path)
  [ "${socket:0:1}" = / ] || socket=../mysql.sock
  spawn mariadb "$log" "$(mariadbd_path)" --no-defaults --user="$user" --datadir="$data" \
    --socket="$socket" --pid-file="$RUN/db/mariadbd.pid" --tmpdir="$RUN/db" --skip-networking --skip-name-resolve \
    --init-file="$RUN/secrets/users.sql" --character-set-server=utf8mb4 \
    --collation-server=utf8mb4_bin --innodb-flush-log-at-trx-commit=1 \
    --innodb-buffer-pool-size="${memory}M" --innodb-log-file-size=$((memory / 2))M --innodb-lock-wait-timeout=5 \
    --max-connections=300 --max-allowed-packet=16M --transaction-isolation=READ-COMMITTED
  limit=$((SECONDS + 60))
  until (cd "$RUN" && database_answers); do
    if ! running_pid mariadb >/dev/null; then
      WHY="MariaDB did not start: $(grep -E 'ERROR' "$log" | head -n 1)"
      return 1
    fi
    if ((SECONDS >= limit)); then
      WHY="MariaDB does not answer after 60 s: see $log"
      return 1
    fi
    sleep 0.05
  done
  if grep -q "ERROR.*init" "$log"; then
    WHY="MariaDB: $(grep 'ERROR.*init' "$log" | head -n 1)"
    return 1
  fi
}

mariadbd_path() { command -v mariadbd || printf '/usr/sbin/mariadbd'; }

# Certificates ----------------------------------------------------------------------------------------

# One authority of our own for ten years; a leaf per process and per demo firm for 90 days, made anew
# when less than 7 days are left. The URI in a leaf is the identity that peers check.
make_certificates() {
  local ca=$RUN/ca name
  WHY="certificates: see $RUN/log/ca.log"
  if ! still_valid "$ca/ca.crt" 30; then
    rm -f "$ca"/*
    (
      umask 077
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days 3650 \
        -subj '/O=alliance demo/CN=alliance demo authority' -keyout "$ca/ca.key" -out "$ca/ca.crt" \
        -addext 'basicConstraints=critical,CA:true,pathlen:0' \
        -addext 'keyUsage=critical,keyCertSign,cRLSign'
    ) >>"$RUN/log/ca.log" 2>&1 || return 1
  fi
  for name in "${SERVICES[@]}" ctl; do make_leaf "$name" "alliance://services/$name" || return 1; done
  for name in "${FIRMS[@]}"; do make_leaf "$name" "alliance://firms/$name" || return 1; done
}

still_valid() { # CERTIFICATE DAYS
  [ -s "$1" ] && openssl x509 -in "$1" -noout -checkend $(($2 * 86400)) >/dev/null 2>&1
}

make_leaf() { # NAME URI
  local ca=$RUN/ca name=$1 uri=$2
  still_valid "$ca/$name.crt" 7 && return 0
  (
    umask 077
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
      -subj "/O=alliance demo/CN=$name" -keyout "$ca/$name.key.new" -out "$ca/$name.csr" &&
      openssl x509 -req -in "$ca/$name.csr" -CA "$ca/ca.crt" -CAkey "$ca/ca.key" -sha256 -days 90 \
        -set_serial "0x$(openssl rand -hex 16)" -out "$ca/$name.crt.new" -extfile /dev/stdin <<<"
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = URI:$uri, DNS:$name, DNS:localhost, IP:127.0.0.1" &&
      mv "$ca/$name.key.new" "$ca/$name.key" && mv "$ca/$name.crt.new" "$ca/$name.crt" &&
      rm "$ca/$name.csr"
  ) >>"$RUN/log/ca.log" 2>&1
}

# Ed25519: the gateway's caller tokens, and every service's audit checkpoints.
make_keys() {
  local name
  for name in gateway_caller "${SERVICES[@]/%/_audit}"; do
    [ -s "$RUN/keys/$name.key.pub" ] && continue
    rm -f "$RUN/keys/$name.key"
    WHY=$("$(bin alliancectl)" keys make "$RUN/keys/$name.key" 2>&1 >/dev/null) || return 1
  done
}

# Configuration ---------------------------------------------------------------------------------------

# deploy/config/*.textproto with @RUN@, @ROOT@, @SOCKET@ and @PORT_<key>@ filled in.
write_configs() {
  local template name key
  local -a fill=(-e "s|@RUN@|$RUN|g" -e "s|@ROOT@|$ROOT|g" -e "s|@SOCKET@|$(socket_path)|g")
  for key in "${!PORT[@]}"; do fill+=(-e "s|@PORT_$key@|${PORT[$key]}|g"); done
  secret demo_password >/dev/null
  for template in "$ROOT"/deploy/config/*.textproto; do
    name=${template##*/}
    sed "${fill[@]}" "$template" >"$RUN/config/$name.new"
    if grep -qE '^[^#]*@[A-Za-z_]+@' "$RUN/config/$name.new"; then
      WHY="deploy/config/$name has a placeholder that nothing fills"
      return 1
    fi
    mv "$RUN/config/$name.new" "$RUN/config/$name"
  done
}

# Services --------------------------------------------------------------------------------------------

ask_admin() { # SERVICE PATH [CURL-OPTION…]
  curl -sS --noproxy '*' --max-time 2 "${@:3}" "http://127.0.0.1:${PORT[$1_admin]}$2"
}

is_ready() { ask_admin "$1" /readyz --fail >/dev/null 2>&1; }

start_service() { # SERVICE
  local service=$1 log=$RUN/log/$1.jsonl
  wc -c 2>/dev/null <"$log" >"$RUN/pid/$service.log_start" || printf '0\n' >"$RUN/pid/$service.log_start"
  spawn "$service" "$log" "$(bin "$service")" --config "$RUN/config/$service.textproto"
}

# Why SERVICE is not there: the last line that it has written since its start.
last_words() { # SERVICE
  local start
  start=$(cat "$RUN/pid/$1.log_start" 2>/dev/null || printf '0')
  tail -c "+$((start + 1))" "$RUN/log/$1.jsonl" 2>/dev/null | tail -n 1
}

wait_until_ready() { # SERVICE…
  local service limit=$((SECONDS + ${ALLIANCE_START_SECONDS:-60}))
  for service in "$@"; do
    until is_ready "$service"; do
      if ! running_pid "$service" >/dev/null; then
        WHY="$service did not start: $(last_words "$service")"
        return 1
      fi
      if ((SECONDS >= limit)); then
        WHY="$service is not ready: $(ask_admin "$service" /readyz 2>&1 | head -n 1)"
        return 1
      fi
      sleep 0.05
    done
  done
}
