# Appends stdin to PART; once its TOTAL bytes have the hash BLOB, renames it to BLOB. Exits with 1 if there is no
# folder, 2 if not everything could be written, 4 if the hash is wrong.
cd "$ROOT/blobs" || exit 1
if [ "$OFFSET" = 0 ]; then
	sum=$(tee "$PART" | sha256sum | cut -c1-64)
else
	cat >>"$PART" || exit 2
	sum=$(sha256sum "$PART" | cut -c1-64)
fi
[ "$(wc -c <"$PART")" -eq "$TOTAL" ] || exit 2
[ "$sum" = "$BLOB" ] || {
	rm -f "$PART"
	exit 4
}
mv -f "$PART" "$BLOB"
