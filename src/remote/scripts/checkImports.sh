# Prints the packages in STAT_IMPORTS that the interpreter STAT_INTERPRETER lacks.
eval "$PRELUDE"
# shellcheck disable=SC2086 # a list of module names
"$STAT_INTERPRETER" -c '
import importlib.util, sys
print(" ".join(name for name in sys.argv[1:] if importlib.util.find_spec(name) is None))
' $STAT_IMPORTS </dev/null
