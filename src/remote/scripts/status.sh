# Prints the states of many jobs, read from their own files. Arguments: ID TOKEN ID TOKEN …; with SLURM=yes, also
# queries the queue. Heartbeats come every 5 s; LIMIT, in seconds, allows for a busy host or a network file system.
queues=
if [ "$SLURM" = yes ]; then
	# Jobs are found by name, which only we use: when its controller dies, Slurm forgets ids, and reuses them.
	queues=$(squeue -h -u "$(id -un)" -o '%j %T %r' 2>/dev/null) || queues='?'
fi

age() { echo $(($(date +%s) - $(stat -c %Y "$1" 2>/dev/null || echo 0))); }

# Prints one job: a line of fields, then lines that begin with queue, message, output or cancelling.
look() {
	JOB=$ROOT/jobs/$1
	if [ ! -d "$JOB" ] || [ -L "$JOB" ] || ! cd "$JOB"; then
		echo "job $1 absent"
		return
	fi
	if [ "$(cat token 2>/dev/null)" != "$2" ]; then
		echo "job $1 foreign"
		return
	fi
	ended=$(cat exit 2>/dev/null)
	claim=no
	[ -e claimed ] && claim=yes
	live=no
	alive && live=yes
	sign=heartbeat
	[ -e heartbeat ] || sign=identity
	beat=
	[ -e "$sign" ] && beat=$(age "$sign")
	silent=no
	case " $doubts" in
	*" $1:$(stat -c %Y "$sign" 2>/dev/null) "*)
		silent=yes
		stat -c %Y "$sign" >silent
		;;
	*" $1:"*) beat=0 ;;
	esac
	wait=
	[ -e waiting ] && wait=$(age waiting)
	id=$(cat slurm 2>/dev/null || cat claimed/slurm 2>/dev/null)
	# The job writes its exit file last and we read it last, so an exit seen now is final.
	[ -n "$ended" ] || ended=$(cat exit 2>/dev/null)
	bytes=$(wc -c <events.jsonl 2>/dev/null || echo 0)
	echo "job $1 exit=$ended claim=$claim live=$live beat=$beat silent=$silent wait=$wait bytes=$bytes slurm=$id"
	if [ "$queues" = '?' ]; then
		echo 'queue ?'
	else
		printf '%s\n' "$queues" | sed -n "s/^stat-$1 /queue stat-$1 /p" | head -n 1
	fi
	if [ -e exit.json ]; then
		printf 'message '
		head -c 2000 exit.json | tr '\n' ' '
		echo
	fi
	if [ -n "$ended" ] && [ "$ended" != 0 ]; then
		printf 'output '
		tail -n 5 output 2>/dev/null | tr '\n' ' ' | tail -c 300
		echo
	fi
	[ -e cancelled ] && echo cancelling
	return 0
}

# Prints ID:MTIME of a heartbeat that looks old or is in the future. The clock may have jumped, so it is checked again
# later.
doubt() {
	cd "$ROOT/jobs/$1" 2>/dev/null || return
	if [ ! -e claimed ] || [ -e exit ] || [ ! -e heartbeat ] || alive; then
		return
	fi
	at=$(stat -c %Y heartbeat)
	old=$(age heartbeat)
	if [ "$(cat silent 2>/dev/null)" = "$at" ]; then
		echo "$1:$at"
	elif [ "$old" -ge "$LIMIT" ] || [ "$old" -lt -5 ]; then
		echo "$1:$at"
		: >"$ROOT/.look.$$"
	fi
}

each() {
	what=$1
	shift
	while [ $# -ge 2 ]; do
		("$what" "$1" "$2")
		shift 2
	done
}

doubts="$(each doubt "$@" | tr '\n' ' ') "
if [ -e "$ROOT/.look.$$" ]; then
	rm -f "$ROOT/.look.$$"
	sleep 7
fi
each look "$@"
