# Prints the SHA-256 of STAT_FILE.
sha256sum -- "$STAT_FILE" 2>/dev/null || shasum -a 256 -- "$STAT_FILE"
