# Prints the hashes of the job's results, NUL-separated: of the file ONLY in out/, or of everything in out/ except
# checkpoints, and of the logs.
{
	if [ -n "$ONLY" ]; then
		[ -d out ] && find out -type f -path "$ONLY" -print0
	else
		[ -d out ] && find out -path out/checkpoints -prune -o -type f -print0
		for f in events.jsonl output exit.json spec.json; do
			[ -f $f ] && [ ! -L $f ] && printf '%s\0' $f
		done
	fi
} | xargs -0 -r sha256sum -z --
