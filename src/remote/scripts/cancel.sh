# Ends the job's process group, or its Slurm job NAME, and waits until it is gone. Kills it after 20 s.
[ -e exit ] && exit 0
: >cancelled
queued() { [ -n "$(squeue -h -u "$(id -un)" -n "$NAME" -o %i 2>/dev/null)" ]; }
beating() { [ -e heartbeat ] && [ $(($(date +%s) - $(stat -c %Y heartbeat))) -lt 30 ]; }
if [ "$SLURM" = yes ] && queued; then
	scancel -u "$(id -un)" -n "$NAME"
fi
# shellcheck disable=SC2154 # pid is set by alive
alive && kill -s TERM -- "-$pid" 2>/dev/null
i=0
while [ ! -e exit ] && { alive || queued || beating; } && [ $i -lt 100 ]; do
	sleep 0.5
	i=$((i + 1))
	[ $i -eq 40 ] && alive && kill -s KILL -- "-$pid" 2>/dev/null
done
[ -e exit ] && exit 0
if alive; then
	echo "process $pid does not end" >&2
	exit 1
fi
if queued || beating; then
	echo 'asked to stop, still running after 50 s: look again in a minute' >&2
	exit 1
fi
[ -e exit ] || { printf '143\n' >exit.tmp && mv -f exit.tmp exit; }
