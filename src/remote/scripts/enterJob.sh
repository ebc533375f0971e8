# Enters the job's folder; exits with 44 or 45 unless it has the job's token, so that no other job is touched.
JOB=$ROOT/jobs/$ID
if [ ! -d "$JOB" ] || [ -L "$JOB" ]; then
	echo 'no such job folder' >&2
	exit 44
fi
if [ "$(cat "$JOB/token" 2>/dev/null)" != "$TOKEN" ]; then
	echo "the folder's token is another job's" >&2
	exit 45
fi
cd "$JOB" || exit 44
