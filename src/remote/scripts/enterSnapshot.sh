# Enters the newest snapshot of a dataset in the host's Hugging Face cache, which is located as Hugging Face's own tools
# do; exits with 44 if there is none. STAT_FOLDER is the dataset's name in the cache. Only reads the disk and requests
# nothing from the Hub.
{ eval "$PRELUDE"; } >/dev/null 2>&1 </dev/null
cache=${HF_HUB_CACHE:-${HUGGINGFACE_HUB_CACHE:-${HF_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/huggingface}/hub}}
cd "$cache/$STAT_FOLDER" 2>/dev/null || exit 44
revision=$(cat refs/main 2>/dev/null)
case $revision in
'' | *[!0-9a-f]*) revision= ;;
esac
if [ -z "$revision" ] || [ ! -d "snapshots/$revision" ]; then
	# shellcheck disable=SC2012 # revisions are hexadecimal
	revision=$(ls -t snapshots 2>/dev/null | head -n 1)
fi
[ -n "$revision" ] || exit 44
cd "snapshots/$revision" || exit 44
