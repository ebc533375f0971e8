# Starts the next run of a job that failed, was cancelled or was lost. The run claims its own folder, and its number
# becomes available only when the previous run is known to have ended. Therefore resuming twice, from two machines or
# after a lost reply, starts only one trainer.
say() {
	echo "$1" >&2
	exit 3
}
started() {
	echo started
	exit 0
}
if [ ! -e claimed ]; then
	# The job was cancelled before its turn came, or the program that launched it was killed.
	[ -e run.sh ] || say 'it was never sent'
	rm -f cancelled exit waiting
	turn=1
else
	last=1
	while [ -e "claimed.$((last + 1))" ]; do last=$((last + 1)); done
	claim=claimed
	[ "$last" = 1 ] || claim=claimed.$last
	ran=$(sed -n 5p identity 2>/dev/null)
	ran=${ran:-1}
	if [ ! -e identity ] || [ "$ran" != "$last" ]; then
		[ -z "$(find "$claim" -maxdepth 0 -mmin -1)" ] || started
	fi
	if alive; then
		[ ! -e exit ] || sleep 1
	fi
	alive && started
	[ "$(cat exit 2>/dev/null)" = 0 ] && say 'it is done: there is nothing left to do'
	if [ ! -e exit ]; then
		[ -n "$(squeue -h -u "$(id -un)" -n "$NAME" -o %i 2>/dev/null)" ] && started
		beat=$(stat -c %Y heartbeat 2>/dev/null)
		if [ -n "$beat" ] && [ -n "$(find heartbeat -mmin -2)" ]; then
			sleep 7
			[ "$(stat -c %Y heartbeat)" = "$beat" ] || started
		fi
	fi
	mv -f exit "exit.$last" 2>/dev/null
	turn=$((last + 1))
fi
if [ "$SLURM" = yes ]; then
	submit "$turn"
else
	setsid nohup sh run.sh "$turn" "$AFTER" </dev/null >>wrapper.log 2>&1 &
	i=0
	until [ -e "claimed.$turn" ] || [ $i -ge 50 ]; do
		[ "$turn" = 1 ] && [ -e claimed ] && break
		[ -e waiting ] && [ -n "$(find waiting -mmin -1)" ] && break
		sleep 0.1
		i=$((i + 1))
	done
fi
echo started
