# What the commands in deploy/ share: a JDK 25, system packages, and a build when sources changed.
# Sourced, not run.

hourtap_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
hourtap_classpath_file="$hourtap_root/hub/simulator/target/classpath"
hourtap_start="$hourtap_root/hub/simulator/target/start"

say() { printf '%s\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 2; }

# Asking javac itself would take as long as all other checks together.
is_jdk_25() { [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25\b' "$1/release" 2>/dev/null; }

# Sets JAVA_HOME to a JDK 25, whatever `java` is.
find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/jdk* /opt/java/* "$HOME"/.jdks/* \
        "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
            export JAVA_HOME="$candidate"
            return
        fi
    done
    if command -v apt-cache >/dev/null && apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
        need_packages openjdk-25-jdk-headless
        find_jdk
        return
    fi
    fail "No JDK 25 was found (looked at JAVA_HOME, /usr/lib/jvm, /opt and ~/.sdkman).
Install one, for example Eclipse Temurin 25 or Debian 13's openjdk-25-jdk-headless, and run this again."
}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

# Installs what is missing when that is possible, else names it and stops.
need_packages() {
    local missing=() package sudo=()
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            sudo=(sudo -n)
        else
            fail "These packages are missing: ${missing[*]}
Install them with
    sudo apt-get install --no-install-recommends ${missing[*]}
and run this again."
        fi
    fi
    say "Installing what is missing: ${missing[*]}"
    if ! apt_install "${missing[@]}"; then
        fail "The packages could not be installed. The log is $hourtap_apt_log. Install them with
    apt-get install --no-install-recommends ${missing[*]}
and run this again."
    fi
}

apt_install() {
    hourtap_apt_log=$(mktemp)
    {
        "${sudo[@]}" apt-get update &&
            DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y --no-install-recommends "$@"
    } >"$hourtap_apt_log" 2>&1
}

# The pcscd that a package starts by itself would take the readers' socket.
stop_packaged_pcscd() {
    if [ "$(id -u)" -eq 0 ] && [ -d /run/systemd/system ]; then
        systemctl stop pcscd.socket pcscd.service >/dev/null 2>&1 || true
    fi
}

need_maven() { command -v mvn >/dev/null || need_packages maven; }

# One number that changes when anything that is compiled does.
source_stamp() {
    (cd "$hourtap_root" && {
        cat "$JAVA_HOME/release"
        find pom.xml hub terminal -name target -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    } | sha256sum | cut -d' ' -f1)
}

# Builds what `deploy/demo` runs, unless nothing changed since the last time.
build_if_needed() {
    local stamp stamp_file="$hourtap_root/hub/simulator/target/stamp"
    stamp=$(source_stamp)
    if [ -f "$stamp_file" ] && [ "$(cat "$stamp_file")" = "$stamp" ]; then
        return
    fi
    need_maven
    say "Building Hourtap. The first time fetches its libraries, which takes a few minutes."
    local log="$hourtap_root/hub/simulator/target/build.log"
    mkdir -p "$(dirname "$log")"
    if ! (cd "$hourtap_root" && mvn -B -ntp package -DskipTests -Dspotless.check.skip 2>&1) | tee "$log" |
        sed -un 's/^\[INFO\] Building Hourtap \([a-z]*\) .*\[\(.*\)\]$/  \2  \1/p'; then
        grep -E '^\[ERROR\]' "$log" | head -20 >&2
        fail "The build failed. The whole log is $log"
    fi
    say "Built."
    printf '%s\n' "$stamp" >"$stamp_file"
}

# Starts the programs once, so that they start faster afterwards, unless that was done for these jars.
# Says so and goes on if it fails.
warm_up_if_needed() {
    local tried="$hourtap_start/tried"
    if [ -f "$tried" ] && [ -z "$(find "$hourtap_root"/{hub,terminal}/*/target -maxdepth 1 \
        -name '*.jar' ! -name '*-simulator-*' -newer "$tried")" ]; then
        return
    fi
    say "Preparing the programs for quick starts."
    mkdir -p "$hourtap_start"
    (run_java 64m org.hourtap.simulator.demo.WarmUp "$1") >"$hourtap_start/log" 2>&1 ||
        say "That failed, so they start as slowly as without. The log is $hourtap_start/log"
}

jvm_flags=()

# run_java HEAP MAIN ARGUMENTS: becomes one of our tools, with the flags in jvm_flags besides our own.
run_java() {
    local heap=$1 main=$2
    shift 2
    exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Xmx$heap" \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        "${jvm_flags[@]}" -cp "$hourtap_root/hub/simulator/target/classes:$(cat "$hourtap_classpath_file")" "$main" "$@"
}

# run_program hub|terminal ARGUMENTS: becomes one of the two programs, with the flags all of them get.
run_program() {
    local name=$1
    shift
    # Whoever hashes millions of rows is better off with the slower compiler and its faster code.
    if [ "${1:-}" = audit ]; then
        exec "$JAVA_HOME/bin/java" @<(grep -v TieredStopAtLevel "$hourtap_start/$name.jvm") "$@"
    fi
    exec "$JAVA_HOME/bin/java" "-XX:AOTCache=$hourtap_start/$name.aot" "@$hourtap_start/$name.jvm" "$@"
}
