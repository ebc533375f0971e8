# Writes the trainer's COUNT files, read from stdin as NAME BASE64 lines, into a temporary folder that is then renamed,
# so that the folder TRAINER is never incomplete.
target=$ROOT/trainers/$TRAINER
[ -d "$target/stat_trainer" ] && exit 0
mkdir -p "$ROOT/trainers" || exit 1
new=$(mktemp -d "$ROOT/trainers/.new.XXXXXX") || exit 1
fail() {
	rm -rf "$new"
	echo "$1" >&2
	exit 1
}
mkdir "$new/stat_trainer"
while read -r name data; do
	printf %s "$data" | base64 -d >"$new/stat_trainer/$name" || fail "$name cannot be written"
done
[ "$(find "$new/stat_trainer" -type f | wc -l)" -eq "$COUNT" ] || fail 'the upload was cut'
mv "$new" "$target" 2>/dev/null || {
	rm -rf "$new"
	[ -d "$target/stat_trainer" ]
}
