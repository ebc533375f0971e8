# Prints the SHA-256 of FILE.
sha256sum -- "$FILE" 2>/dev/null || shasum -a 256 -- "$FILE"
