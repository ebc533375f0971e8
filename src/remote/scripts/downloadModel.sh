# Downloads a model into the host's own cache: NAME, REVISION (empty for the newest); OFFLINE=1 only checks that it is
# there. The argument is the interpreter; a token, if there is one, comes on standard input and is used only for this
# download.
eval "$PRELUDE"
read -r token
if [ -n "$token" ]; then
	HF_TOKEN=$token
	export HF_TOKEN
fi
HF_HUB_OFFLINE=$OFFLINE
HF_HUB_DISABLE_TELEMETRY=1
HF_HUB_DISABLE_PROGRESS_BARS=1
export HF_HUB_OFFLINE HF_HUB_DISABLE_TELEMETRY HF_HUB_DISABLE_PROGRESS_BARS
# The files that loading needs, without a second copy of the weights in another format.
"$INTERPRETER" -c '
import sys
from huggingface_hub import snapshot_download

name, revision = sys.argv[1], sys.argv[2] or None
unneeded = ["*.bin", "*.pth", "*.gguf", "*.onnx", "original/*", "*.msgpack", "*.h5"]
snapshot_download(name, revision=revision, ignore_patterns=unneeded)
' "$NAME" "$REVISION" </dev/null
