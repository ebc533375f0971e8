# Writes a job's folder: token, spec.json (SPEC), run.sh (RUN) and data.jsonl, a link to the upload DATA.
mkdir -p "$ROOT/jobs/$ID" && cd "$ROOT/jobs/$ID" || exit 1
write() { printf %s "$2" >"$1.$$" && mv -f "$1.$$" "$1" || exit 1; }
if [ ! -e token ]; then
	printf '%s\n' "$TOKEN" >"token.$$" && mv -f "token.$$" token || exit 1
elif [ "$(cat token)" != "$TOKEN" ]; then
	echo "the folder $ID is another job's" >&2
	exit 45
fi
[ -e claimed ] && exit 0
mkdir -p out
write spec.json "$SPEC"
write run.sh "$RUN"
blob=$ROOT/blobs/$DATA
[ -e data.jsonl ] || ln "$blob" data.jsonl 2>/dev/null || [ -e data.jsonl ] || {
	cp "$blob" "data.$$" && mv -f "data.$$" data.jsonl
}
[ -e data.jsonl ] || exit 1
