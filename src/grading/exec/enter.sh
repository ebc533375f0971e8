# Runs first in a checker's own namespaces: an empty folder of limited size, everything else read-only, the project and the
# places of secrets and sockets covered, at most 400 processes (kernels from 6.14 on; the least that it takes is 301), no
# rights. $1: the empty folder, which lies in the check's own; $2: its bytes; $3: how many places to cover follow; $4: how
# many places to show again where a cover hides them come after; then the places and the command.
set -e
work=$1; size=$2; covers=$3; shows=$4; shift 4
check=${work%/*}
cd "$check"
mount -t tmpfs -o "size=$size,nr_inodes=10000,mode=755" none "$work"
# What is to be shown again is held from below the check's folder, which stays this process's own while covers are laid.
place=0
for shown in "$@"; do
	place=$((place + 1))
	if [ "$place" -le "$covers" ]; then continue; fi
	if [ "$place" -gt $((covers + shows)) ]; then break; fi
	if [ -d "$shown" ]; then mkdir "hold-$place"; else : >"hold-$place"; fi
	mount --rbind "$shown" "hold-$place"
done
while read -r _ _ _ _ place _; do
	case "$place" in "$work"|/proc|/proc/*) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || : ;; esac
done </proc/self/mountinfo
if ( : >"$check/probe" ) 2>/dev/null; then exit 71; fi
place=0
for cover in "$@"; do
	place=$((place + 1))
	if [ "$place" -gt "$covers" ]; then break; fi
	if [ -d "$cover" ]; then
		mount -t tmpfs -o size=64k none "$cover"
	elif [ -e "$cover" ]; then
		mount --bind /dev/null "$cover"
	fi
done
# $1: a place; $2: what it was before the covers, from the check's folder on.
show() {
	if [ "$1" -ef "$2" ]; then return; fi
	if [ -d "$2" ]; then mkdir -p "$1"; else mkdir -p "${1%/*}"; : >"$1"; fi
	mount --no-canonicalize --rbind "$2" "$1"
}
show "$check" .
place=0
for shown in "$@"; do
	place=$((place + 1))
	if [ "$place" -le "$covers" ]; then continue; fi
	if [ "$place" -gt $((covers + shows)) ]; then break; fi
	show "$shown" "./hold-$place"
done
place=0
while [ "$place" -lt "$covers" ]; do
	if [ -d "$1" ]; then mount -o remount,bind,ro "$1" 2>/dev/null || :; fi
	shift; place=$((place + 1))
done
shift "$shows"
echo 400 2>/dev/null >/proc/sys/kernel/pid_max || :
cd "$work"
setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
