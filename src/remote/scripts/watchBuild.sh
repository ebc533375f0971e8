# Prints done, failed, building or gone, and then the steps in the log; after a failure, also the end of the log.
cd "$ROOT/envs/$ENVIRONMENT" || exit 1
if [ -e .done ]; then
	echo 'done'
else
	[ -e failed ] && echo failed
	if building; then echo building; else echo gone; fi
fi
grep -a '^step \|^failed ' log
[ -e failed ] && tail -n 3 log
