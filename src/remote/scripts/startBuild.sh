# Starts build.sh in the environment's folder, unless the environment is complete or is already being created. CPU,
# CUDA: the requirements; BUILD: the text of build.sh.
mkdir -p "$ROOT/envs/$ENVIRONMENT" && cd "$ROOT/envs/$ENVIRONMENT" || exit 1
[ -e .done ] && {
	echo 'done'
	exit 0
}
building && {
	echo building
	exit 0
}
rm -rf building failed log
mkdir building || {
	echo building
	exit 0
}
printf %s "$CPU" >requirements-cpu.txt
printf %s "$CUDA" >requirements-cuda.txt
printf %s "$BUILD" >build.sh || exit 1
setsid nohup sh build.sh </dev/null >log 2>&1 &
echo $! >building/pid
echo building
