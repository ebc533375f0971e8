# Prints the files from which rows can be read, each as "REPOSITORY BYTES NAME" and a zero byte. Avoids GNU find, since
# the host may be a Mac. The cache's files are links to its blobs; a link to a folder is not the cache's own and may
# lead anywhere.
find . -maxdepth 6 \( -type f -o -type l \) \( -name '*.parquet' -o -name '*.jsonl' -o -name '*.json' \) \
	-exec sh -c '
		for file do
			[ -f "$file" ] && printf "%s %s %s\\0" "$0" "$(wc -c <"$file" | tr -d " ")" "${file#./}"
		done
	' "$REPOSITORY" {} +
