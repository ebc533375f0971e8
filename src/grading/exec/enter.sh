# Runs first in a checker's own namespaces: an empty folder of limited size, everything else read-only, the places of
# secrets and sockets covered, at most 400 processes (kernels from 6.14 on; the least that it takes is 301), no rights.
# $1: the folder; $2: its bytes; $3: how many places follow; then the places and the command.
set -e
work=$1; size=$2; count=$3; shift 3
mount -t tmpfs -o "size=$size,nr_inodes=10000,mode=755" none "$work"
while read -r _ _ _ _ place _; do
	case "$place" in "$work"|/proc|/proc/*) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || : ;; esac
done </proc/self/mountinfo
if ( : >"${work%/*}/probe" ) 2>/dev/null; then exit 71; fi
while [ "$count" -gt 0 ]; do
	if [ -d "$1" ]; then mount -t tmpfs -o ro,size=4k none "$1"; elif [ -e "$1" ]; then mount --bind /dev/null "$1"; fi
	shift; count=$((count - 1))
done
echo 400 2>/dev/null >/proc/sys/kernel/pid_max || :
cd "$work"
setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
