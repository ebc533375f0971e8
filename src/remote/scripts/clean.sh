# Prints the sizes in KiB of ended jobs (arguments: ID TOKEN …) and of unused uploads; with REMOVE=yes, removes them.
while [ $# -ge 2 ]; do
	(
		JOB=$ROOT/jobs/$1
		{ [ -d "$JOB" ] && [ ! -L "$JOB" ] && [ "$(cat "$JOB/token")" = "$2" ] && cd "$JOB"; } || exit 0
		[ -e exit ] || exit 0
		printf 'jobs/%s %s\n' "$1" "$(du -sk . | cut -f1)"
		[ "$REMOVE" = yes ] && cd / && rm -rf -- "$JOB"
	) 2>/dev/null
	shift 2
done
delete=
[ "$REMOVE" = yes ] && delete=-delete
cd "$ROOT/blobs" 2>/dev/null &&
	find . -maxdepth 1 -type f \( -name '*.part' -mmin +1440 -o -links 1 -mmin +60 -name '[0-9a-f]*' \) \
		-printf 'blobs/%f %k\n' ${delete:+"$delete"}
exit 0
