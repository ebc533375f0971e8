# Creates the Python environment in this folder. STAT_IMPORTS: the packages to check; STAT_PIP: further arguments for
# pip, quoted.
step() { printf 'step %s\n' "$1"; }
fail() {
	printf 'failed %s\n' "$1"
	echo "$1" >failed
	rm -rf building
	exit 1
}
cd "$(dirname "$0")" || exit 1
eval "$PRELUDE"
if nvidia-smi >/dev/null 2>&1 || { [ -n "${SLURM_CONF:-}" ] && command -v sbatch >/dev/null 2>&1; }; then
	set=cuda
else
	set=cpu
fi
python=
for p in python3.13 python3.12 python3.11 python3.10 python3 python; do
	case "$("$p" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" in
	3.1[0-9] | 3.[2-9][0-9])
		python=$p
		break
		;;
	esac
done
[ -n "$python" ] || fail 'no Python 3.10 or newer'
eval "set -- $STAT_PIP"
if command -v uv >/dev/null 2>&1; then
	step 'Making an environment (uv)'
	[ -x bin/python ] || uv venv --quiet --allow-existing --python "$python" . || fail 'uv venv'
	set -- uv pip install --quiet --python bin/python "$@"
else
	step 'Making an environment (venv)'
	[ -x bin/pip ] || "$python" -m venv . || fail 'python -m venv (is python3-venv installed?)'
	set -- bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@"
fi
step 'Installing PyTorch'
"$@" "$(grep '^torch==' "requirements-$set.txt")" ||
	fail 'installing PyTorch: can this host reach a package index? else set pip arguments or an interpreter'
step "Installing the trainer's packages"
"$@" -r "requirements-$set.txt" || fail "installing the trainer's packages"
step 'Checking'
for package in $STAT_IMPORTS; do
	bin/python -c "import $package" || fail "importing $package"
done
: >.done
rm -rf building
step Done
