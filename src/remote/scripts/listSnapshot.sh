# Prints the files that rows can be read from, each as "REPOSITORY BYTES NAME" and a zero byte. Avoids GNU find, because
# the host may be a Mac. The files in the cache are links to its blobs; a link to a folder was not made by the cache and
# may lead anywhere.
find . -maxdepth 6 \( -type f -o -type l \) \( -name '*.parquet' -o -name '*.jsonl' -o -name '*.json' \) \
	-exec sh -c '
		for file do
			[ -f "$file" ] && printf "%s %s %s\\0" "$0" "$(wc -c <"$file" | tr -d " ")" "${file#./}"
		done
	' "$STAT_REPOSITORY" {} +
