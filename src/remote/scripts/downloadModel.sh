# Downloads a model into the host's own cache: STAT_MODEL, STAT_REVISION (empty for the newest). STAT_OFFLINE=1 only
# checks that it is there. STAT_INTERPRETER runs it; a token, if there is one, comes on standard input and is used only
# for this download.
read -r token
# The prelude may set variables, so those needed after it have names that it does not use.
eval "$PRELUDE" </dev/null
if [ -n "$token" ]; then
	HF_TOKEN=$token
	export HF_TOKEN
fi
HF_HUB_OFFLINE=$STAT_OFFLINE
HF_HUB_DISABLE_TELEMETRY=1
HF_HUB_DISABLE_PROGRESS_BARS=1
export HF_HUB_OFFLINE HF_HUB_DISABLE_TELEMETRY HF_HUB_DISABLE_PROGRESS_BARS
# The files that loading needs, without a second copy of the weights in another format.
"$STAT_INTERPRETER" -c '
import sys
from huggingface_hub import snapshot_download

name, revision = sys.argv[1], sys.argv[2] or None
unneeded = ["*.bin", "*.pth", "*.gguf", "*.onnx", "original/*", "*.msgpack", "*.h5"]
snapshot_download(name, revision=revision, ignore_patterns=unneeded)
' "$STAT_MODEL" "$STAT_REVISION" </dev/null
