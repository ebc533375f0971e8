# Prints facts about the host, one per line: NAME<tab>VALUE.
say() { printf '%s\t%s\n' "$1" "$2"; }
say system "$(uname -sm)"
if mkdir -p "$ROOT/jobs" 2>/dev/null && (: >"$ROOT/.probe") 2>/dev/null; then
	rm -f "$ROOT/.probe"
	say writable "$ROOT"
	say disk "$(df -Pk "$ROOT" | awk 'NR==2 {print $4}')"
else
	say unwritable "$ROOT"
fi
say cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo '?')"
say memory "$(awk '/MemAvailable/ {print $2}' /proc/meminfo 2>/dev/null)"
for tool in setsid base64 sha256sum sbatch squeue uv; do
	command -v "$tool" >/dev/null 2>&1 && say "tool $tool" "$(command -v "$tool")"
done
# The arguments are for srun; further down, the interpreters to try replace them.
if [ "$SLURM" = yes ]; then
	gpu() { srun --quiet --immediate=20 --time=1 "$@" nvidia-smi --query-gpu=name,memory.total,driver_version \
		--format=csv,noheader; }
else
	gpu() { nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader; }
fi
eval "$PRELUDE"
gpus=$(gpu "$@" 2>/dev/null </dev/null | head -n 8 | tr '\n' ';')
if [ -n "$STAT_INTERPRETER" ]; then
	set -- "$STAT_INTERPRETER"
else
	set -- python3.13 python3.12 python3.11 python3.10 python3 python
fi
for python in "$@"; do
	version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
	case $version in
	3.1[0-9] | 3.[2-9][0-9])
		say python "$python $version"
		"$python" -c 'import venv, ensurepip' 2>/dev/null && say venv yes
		break
		;;
	*) say oldpython "$python $version" ;;
	esac
done
say gpu "$gpus"
