# Starts a job that place.sh has written, through Slurm or as a process in its own session.
if [ "$SLURM" = yes ]; then
	[ -e claimed ] || submit 1
	exit
fi
if [ ! -e claimed ] && [ -z "$(find waiting -mmin -1 2>/dev/null)" ]; then
	setsid nohup sh run.sh </dev/null >>wrapper.log 2>&1 &
fi
i=0
while [ ! -e identity ] && [ ! -e waiting ] && [ $i -lt 50 ]; do
	sleep 0.1
	i=$((i + 1))
done
if [ ! -e claimed ] && [ ! -e waiting ]; then
	echo 'the job did not start' >&2
	exit 1
fi
