# submit TURN: submits that run of run.sh to Slurm as NAME, unless a job with that name is already queued. ARGUMENTS:
# sbatch arguments, quoted.
submit() {
	turn=$1
	# An earlier run that is still completing is not this one.
	ours=$(squeue -h -u "$(id -un)" -n "$NAME" -t PENDING,CONFIGURING,RUNNING,SUSPENDED -o %i 2>squeue.err | head -n 1)
	if [ -s squeue.err ]; then
		cat squeue.err >&2
		exit 1
	fi
	if [ -z "$ours" ]; then
		eval "set -- $ARGUMENTS"
		ours=$(sbatch --parsable --job-name="$NAME" --output=slurm.out --error=slurm.out --open-mode=append \
			--chdir="$JOB" "$@" run.sh "$turn" 2>sbatch.err </dev/null) || {
			cat sbatch.err >&2
			exit 1
		}
	fi
	printf '%s\n' "${ours%%;*}" >slurm.tmp && mv -f slurm.tmp slurm
}
