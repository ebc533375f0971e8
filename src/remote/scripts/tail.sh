# Writes FILE from byte OFFSET on. With FOLLOW=yes, continues until the job has an exit file, or exits with 47 after a
# minute so that the state is read again. Otherwise stops at the end that the file has now, because a fast writer would
# move the end forever.
until=$(($(date +%s) + 60))
end=
while :; do
	ended=no
	[ -e exit ] && ended=yes
	size=$(wc -c <"$FILE" 2>/dev/null || echo 0)
	if [ "$FOLLOW" = no ]; then
		end=${end:-$size}
		size=$end
		ended=yes
	fi
	if [ "$size" -gt "$OFFSET" ]; then
		n=$((size - OFFSET))
		[ "$n" -gt 1048576 ] && n=1048576
		tail -c +$((OFFSET + 1)) "$FILE" | head -c "$n" || exit 46
		OFFSET=$((OFFSET + n))
	elif [ "$ended" = yes ]; then
		exit 0
	elif [ "$(date +%s)" -ge "$until" ]; then
		exit 47
	else
		sleep 1
	fi
done
