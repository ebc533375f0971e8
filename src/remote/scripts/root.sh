# Begins every script: our folder on the host, readable only by its owner. ROOT is an absolute path or one under ~/.
umask 077
# shellcheck disable=SC2088 # a literal tilde
case $ROOT in
'~/'*) ROOT=$HOME/${ROOT#'~/'} ;;
esac
