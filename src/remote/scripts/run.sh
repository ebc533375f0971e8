# Started in its job folder, as a process or by Slurm; each run happens at most once. Arguments: TURN (1, or the number
# of a resumed run) and the job to wait for.
turn=${1:-1}
after=${2:-$AFTER}
claim=claimed
[ "$turn" = 1 ] || claim=claimed.$turn

silent() { [ -z "$(find "$1/heartbeat" "$1/waiting" "$1/identity" -mmin -2 2>/dev/null)" ]; }
# Checks twice, because a clock that jumps makes every heartbeat look old until the next one.
over() { [ ! -d "$1" ] || [ -e "$1/exit" ] || { silent "$1" && sleep 12 && silent "$1"; }; }

if [ -n "$after" ] && [ ! -e "$claim" ]; then
	until
		: >waiting
		over "../$after"
	do
		[ -e "$claim" ] && exit 0
		[ "$turn" = 1 ] && { [ -e cancelled ] || [ -e exit ]; } && exit 0
		sleep 5
	done
	[ "$turn" = 1 ] && [ -e cancelled ] && exit 0
fi
if mkdir "$claim" 2>/dev/null; then
	printf '%s\n' "${SLURM_JOB_ID:-}" >"$claim/slurm"
	[ "$turn" = 1 ] || rm -f cancelled
elif
	[ -z "${SLURM_JOB_ID:-}" ] ||
		[ "$(cat "$claim/slurm" 2>/dev/null)" != "$SLURM_JOB_ID" ] ||
		[ "${SLURM_RESTART_COUNT:-0}" -eq 0 ] ||
		[ "$(cat exit 2>/dev/null || echo 145)" != 145 ]
then
	exit 0
fi
rm -f exit stopped
start=$(sed 's/.*) //' "/proc/$$/stat" 2>/dev/null | cut -d' ' -f20)
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
printf '%s\n%s\n%s\n%s\n%s\n' "$$" "$start" "$boot" "$(uname -n)" "$turn" >identity.tmp && mv -f identity.tmp identity
rm -f waiting

finish() {
	printf '%s\n' "$1" >exit.tmp && mv -f exit.tmp exit
	exit "$1"
}
grep -q '^{"code": 0,' exit.json 2>/dev/null && finish 0
child=
trap ': >stopped; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
# The prelude may set variables, so the variables needed after it have names that it does not use.
STAT_INTERPRETER=${STAT_INTERPRETER:-$ROOT/envs/$ENVIRONMENT/bin/python}
STAT_TRAINER=$ROOT/trainers/$TRAINER
eval "$PRELUDE"
PYTHONPATH=$STAT_TRAINER
PYTHONUNBUFFERED=1
HF_HUB_OFFLINE=1
export PYTHONPATH PYTHONUNBUFFERED HF_HUB_OFFLINE
# What comes between the interpreter and the trainer: a launcher for several processes, or nothing.
eval "set -- $STAT_LAUNCHER"
attempt=0
while [ ! -e cancelled ] && [ ! -e stopped ]; do
	rm -f exit.json
	"$STAT_INTERPRETER" "$@" -m stat_trainer . </dev/null >>output 2>&1 &
	child=$!
	while :; do
		wait "$child"
		code=$?
		kill -0 "$child" 2>/dev/null || break
	done
	if [ $# -gt 0 ] && [ "$code" -ne 0 ]; then
		# With several processes, exit.json states how they ended, because their launcher's exit code does not.
		code=$(sed -n 's/^{"code": \([0-9]*\),.*/\1/p' exit.json 2>/dev/null)
		code=${code:-137}
	fi
	[ "$code" -eq 0 ] && finish 0
	{ [ -e cancelled ] || [ -e stopped ]; } && break
	case $code in 1 | 2) finish "$code" ;; esac
	attempt=$((attempt + 1))
	[ "$attempt" -ge 5 ] && finish "$code"
	printf 'the trainer was killed (exit %s); starting it again from its last checkpoint\n' "$code" >>output
	sleep 2
done
[ -e cancelled ] && finish 143
finish 145
